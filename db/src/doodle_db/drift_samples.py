"""
The drawings drift is measured on: the newest ones, and some of those before them.

All that users drew and nobody has rejected, in quarantine or not: what looks like nothing we know is put there, and
would be missed here otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.types import Uuid

from doodle_db.label_sets import LabelSet
from doodle_db.labels import list_added, read_label_set

NUM_PRESENT = 500
NUM_REFERENCE = 1_000
"""At most; with these a change that costs the live version some points of accuracy is found at every check, and the
whole takes less than a second (docs/decisions/0041)."""

NUM_WANTED = 300
"""Of fewer drawings nothing is told: a third of them are the present."""

NUM_BEFORE = 10_000
"""How far the reference reaches back: a slow change is none from one thousand drawings to the next."""

STRETCH = 50
"""The reference is taken in stretches of so many drawings, so that it holds sittings of one person as the present does;
single drawings would hold more people."""

NUM_BLOCKS = 20
"""One person's drawings count as one, up to the present's twentieth part: even a class behind one address leaves so
many blocks to shuffle."""


@dataclass(frozen=True)
class Key:
    """Where a drawing lies."""

    id: UUID
    created_at: datetime


@dataclass(frozen=True)
class Drawings:
    """
    The drawings of a check, the present first, each sample oldest first.

    Attributes:
        num_present: how many are present; the others are the reference.
        ids: one a drawing.
        labels: int64, shape (drawings,); index into label_names.
        label_names: those that have been there all the time.
        bitmaps: uint8, shape (drawings, height, width); 0 paper, 255 full ink.
        blocks: int64, shape (drawings,); the same number for drawings of one person that came one after another.
        times: when each was stored.
    """

    num_present: int
    ids: list[UUID]
    labels: NDArray[np.int64]
    label_names: tuple[str, ...]
    bitmaps: NDArray[np.uint8]
    blocks: NDArray[np.int64]
    times: list[datetime]


def count_drawings(connection: Connection, shipped: LabelSet) -> int:
    """Count what there is to measure drift on, up to NUM_WANTED."""
    return len(_list_newest(connection, read_label_set(connection, shipped).names, NUM_WANTED))


def is_much_new(connection: Connection, since: datetime, num_new: int) -> bool:
    """Tell whether at least so many drawings were stored after a moment."""
    asked = {"since": since, "at_most": num_new}
    return int(connection.execute(_NUM_SINCE, asked).scalar_one()) >= num_new


def read_drawings(connection: Connection, shipped: LabelSet) -> Drawings | None:
    """
    Read the drawings of a check, however many there are; None while there are too few.

    Drawings of labels that were added within the time they are from are left out: that those are new is known.

    Args:
        connection: in one transaction; at most NUM_PRESENT + NUM_BEFORE keys and NUM_PRESENT + NUM_REFERENCE drawings
            are read.
        shipped: the label set as its file has it.
    """
    names = read_label_set(connection, shipped).names
    keys = _list_newest(connection, names, NUM_PRESENT + NUM_BEFORE)
    if not keys:
        return None
    added = {each.label.name for each in list_added(connection, shipped) if each.created_at > keys[-1].created_at}
    if added:
        names = tuple(name for name in names if name not in added)
        keys = _list_newest(connection, names, NUM_PRESENT + NUM_BEFORE)
    if len(keys) < NUM_WANTED:
        return None
    present, reference = part(keys)
    rows = _read(connection, [*present, *reference])
    fitting = {name: row for name, row in rows.items() if (row.height, row.width) == (shipped.height, shipped.width)}
    now, then = ([fitting[each.id] for each in sample if each.id in fitting] for sample in (present, reference))
    return _join(now, then, names)


def read_samples(connection: Connection, ids: Sequence[UUID]) -> list[Row[Any]]:
    """Read drawings to look at, in the order of their ids; those that are gone, or rejected by now, are left out."""
    where = {row.id: row.created_at for row in connection.execute(_PLACES, {"ids": list(ids)})}
    found = _read(connection, [Key(each, where[each]) for each in ids if each in where])
    return [found[each] for each in ids if each in found and found[each].status != "rejected"]


def part(keys: Sequence[Key]) -> tuple[list[Key], list[Key]]:
    """
    Part the newest drawings into the present and the reference.

    Args:
        keys: newest first.

    Returns:
        Each oldest first. While there are few, a third of them is the present; while there are more before it than the
        reference may have, it is taken in stretches that lie evenly.
    """
    num_present = min(NUM_PRESENT, len(keys) // 3)
    before = list(keys[num_present:])
    if len(before) > NUM_REFERENCE:
        starts = np.linspace(0, len(before) - STRETCH, NUM_REFERENCE // STRETCH).astype(int)
        before = [key for start in starts for key in before[start : start + STRETCH]]
    return list(keys[:num_present])[::-1], before[::-1]


def number_blocks(contributors: Sequence[bytes], num_at_most: int) -> NDArray[np.int64]:
    """
    Give one number to drawings that one contributor made one after another.

    Args:
        contributors: oldest drawing first.
        num_at_most: of one number.

    Returns:
        Shape (drawings,), counting from 0.

    >>> number_blocks([b"a", b"b", b"a", b"a", b"b"], 2).tolist()
    [0, 1, 0, 2, 1]
    """
    open_blocks: dict[bytes, tuple[int, int]] = {}
    numbers, num_blocks = [], 0
    for contributor in contributors:
        number, size = open_blocks.get(contributor, (0, num_at_most))
        if size == num_at_most:
            number, size, num_blocks = num_blocks, 0, num_blocks + 1
        open_blocks[contributor] = (number, size + 1)
        numbers.append(number)
    return np.array(numbers, np.int64)


def _join(now: list[Row[Any]], then: list[Row[Any]], names: tuple[str, ...]) -> Drawings | None:
    if min(len(now), len(then)) < NUM_BLOCKS:
        return None
    num_at_most = max(1, len(now) // NUM_BLOCKS)
    first, second = (number_blocks([row.contributor for row in rows], num_at_most) for rows in (now, then))
    rows = [*now, *then]
    pixels = np.frombuffer(b"".join(row.bitmap for row in rows), np.uint8)
    return Drawings(
        num_present=len(now),
        ids=[row.id for row in rows],
        labels=np.array([names.index(row.label) for row in rows], np.int64),
        label_names=names,
        bitmaps=pixels.reshape(len(rows), rows[0].height, rows[0].width),
        blocks=np.concatenate([first, second + first.max() + 1]),
        times=[row.created_at for row in rows],
    )


def _list_newest(connection: Connection, names: Sequence[str], at_most: int) -> list[Key]:
    rows = connection.execute(_NEWEST, {"names": list(names), "at_most": at_most})
    return [Key(row.id, row.created_at) for row in rows]


def _read(connection: Connection, keys: Sequence[Key]) -> dict[UUID, Row[Any]]:
    asked = {"ids": [key.id for key in keys], "times": [key.created_at for key in keys]}
    return {row.id: row for row in connection.execute(_CHOSEN, asked)}


# Through the index doodles_gallery, newest first: however many there are, no more are read.
_NEWEST = text("""
    SELECT id, created_at FROM doodles
    WHERE source = 'user' AND status <> 'rejected' AND label = ANY(:names)
    ORDER BY created_at DESC, id DESC LIMIT :at_most
""")

_NUM_SINCE = text("""
    SELECT count(*) FROM (
        SELECT FROM doodles WHERE source = 'user' AND status <> 'rejected' AND created_at > :since
        ORDER BY created_at DESC, id DESC LIMIT :at_most
    ) AS newer
""")

_PLACES = text("SELECT id, created_at FROM doodle_ids WHERE id = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(Uuid))
)

_CHOSEN = text("""
    SELECT doodles.id, label, bitmap, height, width, contributor, status, doodles.created_at
    FROM unnest(:ids, :times) AS wanted (id, created_at)
        JOIN doodles ON doodles.id = wanted.id AND doodles.created_at = wanted.created_at
    WHERE source = 'user'
""").bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("times", type_=ARRAY(TIMESTAMP(timezone=True))))
