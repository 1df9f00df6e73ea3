"""
Drawings that anybody may see: of one label, by chance, without a word about who drew them.

Base data, and users' drawings that the model then live took for what they are said to be: whoever wants to put
something before everybody's eyes would have to draw it as a cat.
"""

from uuid import UUID

from sqlalchemy import Connection, Select, and_, or_, select

from doodle_db.label_sets import LabelSet
from doodle_db.screenings import is_in_use
from doodle_db.tables import doodles


def sample_drawings(
    connection: Connection, label_set: LabelSet, name: str, num: int, pivot: UUID, *, besides: bytes
) -> list[bytes]:
    """
    Give some drawings of a label; ids are random, so the stretch that follows a random one is a random sample.

    Args:
        connection: any.
        label_set: has the shape.
        name: of the label.
        num: how many at most.
        pivot: a random id.
        besides: a contributor whose own drawings are left out; 16 bytes.

    Returns:
        uint8 bitmaps, height * width bytes each, row by row; 0 is paper, 255 full ink.
    """
    wanted = _drawings(label_set, name, besides)
    found = connection.execute(wanted.where(doodles.c.id >= pivot).limit(num)).all()
    if len(found) < num:
        found = [*found, *connection.execute(wanted.where(doodles.c.id < pivot).limit(num - len(found)))]
    return [bytes(row.bitmap) for row in found]


def _drawings(label_set: LabelSet, name: str, besides: bytes) -> Select[tuple[bytes]]:
    recognised = and_(
        doodles.c.guess == doodles.c.label, doodles.c.known.is_not(False), doodles.c.contributor != besides
    )
    # Through the index doodles_by_label, which has no other split.
    of_label = and_(doodles.c.label == name, doodles.c.status == "accepted", doodles.c.split == "train", is_in_use())
    of_shape = and_(doodles.c.height == label_set.height, doodles.c.width == label_set.width)
    shown = and_(of_label, of_shape, or_(doodles.c.source == "base", recognised))
    return select(doodles.c.bitmap).where(shown).order_by(doodles.c.id)
