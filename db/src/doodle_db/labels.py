"""
The labels of a label set as they are now: those of its file, then those that operators have added.

The file stays as it was shipped; what is added stands in the table `labels`, so that it is there for every process
without a restart. Doodles carry names, and a version's labels stand in its manifest, so that neither changes with them.
See docs/decisions/0028.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB

from doodle_db.errors import LabelConflictError, LabelInUseError, LabelNotAddedError
from doodle_db.events import announce
from doodle_db.label_rules import check_new_label
from doodle_db.label_sets import Label, LabelSet
from doodle_db.tables import labels, models

AddOutcome = Literal["added", "already_added"]


@dataclass(frozen=True)
class AddedLabel:
    """
    A label that an operator has added.

    Attributes:
        label: itself.
        actor: who added it.
        created_at: when.
    """

    label: Label
    actor: str
    created_at: datetime


def read_label_set(connection: Connection, shipped: LabelSet) -> LabelSet:
    """
    Read a label set as it is now.

    Args:
        connection: any.
        shipped: as its file has it.

    Returns:
        The file's labels in its order, then the added ones in the order they came.
    """
    added = [each.label for each in list_added(connection, shipped)]
    return replace(shipped, labels=(*shipped.labels, *added)) if added else shipped


def list_added(connection: Connection, shipped: LabelSet) -> list[AddedLabel]:
    """
    List what operators have added, in the order they did.

    A label that a later release ships in the file is the file's from then on.

    Args:
        connection: any.
        shipped: the label set as its file has it.
    """
    rows = connection.execute(select(labels).where(labels.c.label_set == shipped.name).order_by(labels.c.position))
    return [_to_added(row) for row in rows if row.name not in shipped.names]


def _to_added(row: Row[tuple[object, ...]]) -> AddedLabel:
    return AddedLabel(Label(row.name, row.prompt, row.emoji), row.actor, row.created_at)


def add_label(connection: Connection, shipped: LabelSet, label: Label, *, actor: str) -> AddOutcome:
    """
    Add a label; every process hears of it when the transaction commits.

    Args:
        connection: with an open transaction.
        shipped: the label set as its file has it.
        label: new.
        actor: who adds it.

    Returns:
        Whether it is new; the very same label may be added again, so that whoever got no answer can ask again.

    Raises:
        InvalidLabelError: it breaks a rule, or the label set is full.
        LabelConflictError: the label set has one of this name, with other words.
    """
    # Whoever adds waits for whoever adds; readers, and doodles, do not.
    connection.execute(text("LOCK TABLE labels IN SHARE ROW EXCLUSIVE MODE"))
    present = read_label_set(connection, shipped)
    known = next((each for each in present.labels if each.name == label.name), None)
    if known == label:
        return "already_added"
    if known is not None:
        raise LabelConflictError(
            f"The label set {shipped.name} has the label {label.name!r} already, as {known.prompt!r} {known.emoji}.",
            field="name",
        )
    check_new_label(label, present)
    last = select(func.coalesce(func.max(labels.c.position), 0)).where(labels.c.label_set == shipped.name)
    position = connection.execute(last).scalar_one() + 1
    words = {"name": label.name, "prompt": label.prompt, "emoji": label.emoji}
    connection.execute(insert(labels).values(label_set=shipped.name, position=position, actor=actor, **words))
    announce(connection, "labels", {"label_set": shipped.name})
    return "added"


def withdraw_label(connection: Connection, shipped: LabelSet, name: str) -> None:
    """
    Take back a label that was added by mistake, as long as no version knows it.

    Its doodles stay in the table and train nothing; if the label is added again, they count again.

    Args:
        connection: with an open transaction.
        shipped: the label set as its file has it.
        name: of the label.

    Raises:
        LabelNotAddedError: no such label was added.
        LabelInUseError: a version knows it, or a run is just publishing one.
    """
    row = select(labels).where(labels.c.label_set == shipped.name, labels.c.name == name)
    # Waits for a run that is just writing its version down, see hold_labels.
    if name in shipped.names or connection.execute(row.with_for_update()).first() is None:
        raise LabelNotAddedError(
            f"No label {name[:40]!r} has been added to {shipped.name}; labels of its file cannot be withdrawn.",
            field="name",
        )
    if connection.execute(select(_is_known(shipped.name, name))).scalar_one():
        raise LabelInUseError(
            f"A version knows {name!r}, so it can no longer be withdrawn; a version without it can be deployed.",
            field="name",
        )
    connection.execute(delete(labels).where(labels.c.label_set == shipped.name, labels.c.name == name))
    announce(connection, "labels", {"label_set": shipped.name})


def _is_known(label_set: str, name: str) -> ColumnElement[bool]:
    has_it = models.c.manifest["labels"].contains(literal([{"name": name}], JSONB))
    return exists().where(models.c.label_set == label_set, has_it)


def hold_labels(connection: Connection, shipped: LabelSet, names: Iterable[str]) -> None:
    """
    Make sure that labels are still there, and stay until the end of the transaction: a version is about to know them.

    Args:
        connection: with an open transaction.
        shipped: the label set as its file has it.
        names: of a version's labels.

    Raises:
        LabelNotAddedError: one was withdrawn while the version was made.
    """
    added = sorted(set(names) - set(shipped.names))
    if not added:
        return
    rows = select(labels.c.name).where(labels.c.label_set == shipped.name, labels.c.name.in_(added))
    held = set(connection.execute(rows.order_by(labels.c.name).with_for_update(read=True, key_share=True)).scalars())
    if gone := [name for name in added if name not in held]:
        raise LabelNotAddedError(f"{', '.join(gone)} was withdrawn while this run trained on it; train again.")
