"""The label set as this process knows it: read anew when it may have changed, not with every doodle."""

import hashlib
import json

from sqlalchemy import Engine

from doodle_db.label_sets import LabelSet
from doodle_db.labels import read_label_set

FINGERPRINT_CHARACTERS = 16


class LabelList:
    """
    Keeps the label set for the doodles that come in; any number of greenlets may use it.

    It is read anew when an addition is announced, when announcements may have been missed, and before a label is
    refused: what one process has answered 201 to, no other process refuses a moment later.

    Attributes:
        current: as it was read last; at first, as the file has it.
    """

    def __init__(self, engine: Engine, shipped: LabelSet) -> None:
        """
        Args:
            engine: the database; nothing is asked yet.
            shipped: the label set as its file has it.
        """
        self._engine = engine
        self._shipped = shipped
        self.current = shipped

    def refresh(self) -> LabelSet:
        """Read the labels that were added, and give the label set as it is now."""
        with self._engine.connect() as connection:
            self.current = read_label_set(connection, self._shipped)
        return self.current


def fingerprint_of(label_set: LabelSet) -> str:
    """
    Sum up what a page shows of a label set, so that it can tell whether it shows it already.

    >>> from doodle_db.label_sets import load_label_set
    >>> fingerprint_of(load_label_set("animals")) == fingerprint_of(load_label_set("digits"))
    False
    """
    shown = [label_set.name, *([label.name, label.prompt, label.emoji] for label in label_set.labels)]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:FINGERPRINT_CHARACTERS]
