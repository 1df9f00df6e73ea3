"""Label sets: which labels a model tells apart, how they are asked for, and the shape of a drawing."""

import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from doodle_db.errors import LabelSetError, UnknownLabelError, UnknownLabelSetError

LABEL_NAME = re.compile(r"[a-z0-9][a-z0-9 _-]{0,39}")
"""A label's name: what rows store and URLs carry; bounded so that it can be neither markup nor a path."""


@dataclass(frozen=True)
class Label:
    """One thing to draw: its stored name, the words that ask for it, and its emoji."""

    name: str
    prompt: str
    emoji: str


@dataclass(frozen=True)
class LabelSet:
    """
    The labels in the order of the network's outputs, and the shape of a drawing.

    Attributes:
        name: its file's name.
        labels: in order; a row stores the name, only a manifest knows the index.
        height, width: of a bitmap, in pixels.
        channels: of a bitmap; 1, ink is grey.
        base_data: the folder of base drawings under DOODLE_DATA_DIR.
        mirror: whether a drawing seen in a mirror shows the same thing; training may then show it both ways.
        kept_share: of known drawings held back from training, the share that must not be called unknown, in (0, 1].
    """

    name: str
    labels: tuple[Label, ...]
    height: int
    width: int
    channels: int
    base_data: str
    mirror: bool = True
    kept_share: float = 0.95

    @property
    def names(self) -> tuple[str, ...]:
        """The labels' names in order."""
        return tuple(label.name for label in self.labels)

    def check_label(self, name: str) -> None:
        """
        Refuse a label that is not in the set.

        Raises:
            UnknownLabelError: with the labels there are.
        """
        if name not in self.names:
            raise UnknownLabelError(f"Unknown label {name[:40]!r}; one of {', '.join(self.names)}.", field="label")


def label_set_names() -> tuple[str, ...]:
    """Name the label sets shipped with the package, in alphabetical order."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load_label_set(name: str) -> LabelSet:
    """
    Read a shipped label set.

    Args:
        name: one of label_set_names().

    Raises:
        UnknownLabelSetError: there is no such file.
        LabelSetError: the file breaks a rule.

    >>> load_label_set("animals").names
    ('bird', 'cat', 'dog', 'fish', 'horse', 'rabbit')
    """
    if name not in label_set_names():
        raise UnknownLabelSetError(f"Unknown label set {name[:40]!r}; one of {', '.join(label_set_names())}.")
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return parse_label_set(tomllib.loads(text))


def parse_label_set(content: dict[str, Any]) -> LabelSet:
    """
    Make a label set of a parsed TOML file.

    Raises:
        LabelSetError: a key is missing, a name is malformed or stands there twice, fewer than two labels.
    """
    try:
        labels = tuple(Label(each["name"], each["prompt"], each["emoji"]) for each in content["labels"])
        shape = content["input"]
        label_set = LabelSet(
            name=content["name"],
            labels=labels,
            height=shape["height"],
            width=shape["width"],
            channels=shape["channels"],
            base_data=content["base_data"],
            mirror=content.get("mirror", True),
            kept_share=content.get("kept_share", LabelSet.kept_share),
        )
    except KeyError as missing:
        raise LabelSetError(f"The label set lacks the key {missing}.") from missing
    malformed = [label for label in label_set.names if not LABEL_NAME.fullmatch(label)]
    if malformed:
        raise LabelSetError(f"Label names {malformed} are malformed; expected {LABEL_NAME.pattern}.")
    if len(set(label_set.names)) != len(labels) or len(labels) < 2:
        raise LabelSetError("A label set needs at least two labels, each name once.")
    if not 0 < label_set.kept_share <= 1:
        raise LabelSetError(f"kept_share is {label_set.kept_share}; expected a share above 0, at most 1.")
    return label_set
