"""The drawings that drift is measured on: the newest ones, those before them, and some of the base data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, union_all

from doodle_db.drift import compare_labels, compare_numbers
from doodle_db.tables import doodles

NUM_PRESENT = 1_000
"""Enough that chance alone comes to an index of about 0.02, few enough to be read in milliseconds."""

NUM_REFERENCE = 2_000

MIN_SAMPLE = 100
"""Of fewer drawings nothing is told."""


@dataclass(frozen=True)
class DrawingSample:
    """
    What drift looks at, of some drawings.

    Attributes:
        labels: one a drawing.
        ink: shape (drawings,), the mean of a bitmap's pixels: 0 paper, 1 full ink.
        confidence: shape (drawings,), the model's for its guess, in [0, 1]; NaN where there was none.
        is_right: shape (drawings,), whether the guess was the label; False where there was none.
        versions: which version guessed; None where none did.
    """

    labels: list[str]
    ink: NDArray[np.float64]
    confidence: NDArray[np.float64]
    is_right: NDArray[np.bool_]
    versions: list[str | None]

    def __len__(self) -> int:
        return len(self.labels)

    def cut(self, start: int, end: int) -> "DrawingSample":
        """Give the drawings from one place up to another."""
        part = slice(start, end)
        return DrawingSample(
            self.labels[part], self.ink[part], self.confidence[part], self.is_right[part], self.versions[part]
        )


@dataclass(frozen=True)
class Drift:
    """
    How far one feature has moved.

    Attributes:
        feature: `label`, `ink` or `confidence`.
        reference: what it is compared with: `older` drawings, or `base` data.
        index: the population stability index.
        num_drawings: the size of the smaller sample.
    """

    feature: str
    reference: str
    index: float
    num_drawings: int


_COLUMNS = (doodles.c.label, doodles.c.bitmap, doodles.c.confidence, doodles.c.guess, doodles.c.model_version)


def read_newest(connection: Connection, names: Sequence[str]) -> DrawingSample:
    """
    Read the newest accepted drawings of users, newest first; through the index doodles_recent, whatever there is.

    Args:
        connection: any.
        names: labels; drawings of others are left out.
    """
    number = NUM_PRESENT + NUM_REFERENCE
    newest = [
        select(*_COLUMNS, doodles.c.created_at)
        .where(doodles.c.source == "user", doodles.c.status == "accepted", doodles.c.split == split)
        .order_by(doodles.c.created_at.desc())
        .limit(number)
        .subquery()
        .select()
        for split in ("train", "test")
    ]
    both = union_all(*newest).subquery()
    return _read(connection, select(both).order_by(both.c.created_at.desc()).limit(number), names)


def read_base(connection: Connection, names: Sequence[str]) -> DrawingSample:
    """Read some of the base data, the same at every time; their ids are hashes, so the lowest are a random sample."""
    lowest = select(*_COLUMNS).where(doodles.c.source == "base", doodles.c.status == "accepted")
    return _read(connection, lowest.order_by(doodles.c.id).limit(NUM_REFERENCE), names)


def _read(connection: Connection, statement: object, names: Sequence[str]) -> DrawingSample:
    rows = [row for row in connection.execute(statement) if row.label in names]  # type: ignore[call-overload]
    return DrawingSample(
        labels=[row.label for row in rows],
        ink=measure_ink([row.bitmap for row in rows]),
        confidence=np.array([np.nan if row.confidence is None else row.confidence for row in rows], np.float64),
        is_right=np.array([row.guess == row.label for row in rows], np.bool_),
        versions=[row.model_version if row.guess is not None else None for row in rows],
    )


def measure_ink(bitmaps: Sequence[bytes]) -> NDArray[np.float64]:
    """
    Measure how much ink each bitmap has; a thousand of them in a millisecond, of whatever shapes.

    Args:
        bitmaps: none of them empty; 0 paper, 255 full ink.

    Returns:
        float64, shape (bitmaps,), in [0, 1].

    >>> measure_ink([bytes([0, 255]), bytes([255, 255, 0, 0, 255, 0, 0, 0])]).tolist()
    [0.5, 0.375]
    """
    if not bitmaps:
        return np.zeros(0)
    sizes = np.array([len(bitmap) for bitmap in bitmaps])
    pixels = np.frombuffer(b"".join(bitmaps), np.uint8)
    sums = np.add.reduceat(pixels, np.cumsum(sizes) - sizes, dtype=np.float64)
    return np.asarray(sums / (255 * sizes))


def part_newest(newest: DrawingSample) -> tuple[DrawingSample, DrawingSample]:
    """Part the newest drawings into the present and those before: while there are few, in halves."""
    num_present = min(NUM_PRESENT, len(newest) // 2)
    return newest.cut(0, num_present), newest.cut(num_present, len(newest))


def measure_drift(present: DrawingSample, references: dict[str, DrawingSample], names: Sequence[str]) -> list[Drift]:
    """
    Measure how far each feature has moved from each reference; of samples that are too small nothing is told.

    Args:
        present: the newest drawings.
        references: what to compare with, by name.
        names: the labels there are.
    """
    measured: list[Drift] = []
    for name, reference in references.items():
        number = min(len(present), len(reference))
        if number >= MIN_SAMPLE:
            measured.append(Drift("label", name, compare_labels(present.labels, reference.labels, names), number))
            measured.append(Drift("ink", name, compare_numbers(present.ink, reference.ink), number))
        now, before = (each.confidence[~np.isnan(each.confidence)] for each in (present, reference))
        number = min(len(now), len(before))
        if number >= MIN_SAMPLE:
            measured.append(Drift("confidence", name, compare_numbers(now, before), number))
    return measured


def measure_accuracy(present: DrawingSample, version: str) -> tuple[float, int] | None:
    """
    Measure how often a version guessed what people say they drew.

    Returns:
        The share, and of how many guesses; None if there are none.
    """
    guessed = np.array([each == version for each in present.versions], np.bool_)
    number = int(guessed.sum())
    return (float(present.is_right[guessed].mean()), number) if number else None
