"""Whether drawings are still what they were: four measures of two samples, each held against its thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doodle_db.drift import LEVELS, Level, Measure
from doodle_db.drift_samples import Drawings
from training_server.drift_pictures import describe_samples
from training_server.drift_statistics import (
    Distance,
    compare_by_kernel,
    compare_classes,
    compare_numbers,
    draw_splits,
    measure_kernel,
    measure_likeness,
)
from training_server.drift_view import VersionView

NUM_SHUFFLES = 999

FALSE_ALARM_RATE = 0.01
"""How often at most a check finds anything where nothing has changed, all four measures together (Bonferroni)."""


@dataclass(frozen=True)
class Thresholds:
    """
    From where on a distance is worth a look, and from where on it is an alarm; chosen in docs/decisions/0041.

    Attributes:
        watch, alert: of a Distance's value.
    """

    watch: float
    alert: float


THRESHOLDS: Mapping[str, Thresholds] = {
    "labels": Thresholds(0.1, 0.25),
    "confidence": Thresholds(0.1, 0.25),
    "ink": Thresholds(0.25, 2.0),
    "embedding": Thresholds(0.005, 0.01),
}
"""
By measure. Labels' and confidence's are the usual rule of thumb (N. Siddiqi, Credit Risk Scorecards, 2006); the others
are set so that changes which cost the live version about five points of accuracy are an alarm, and those that cost
about three are worth a look.
"""

MAX_P_VALUE = FALSE_ALARM_RATE / len(THRESHOLDS)


@dataclass(frozen=True)
class Found:
    """
    What a check found.

    Attributes:
        measures: each held against its thresholds; without a view there are those of labels and ink.
        pictures: JSON; see describe_samples.
    """

    measures: tuple[Measure, ...]
    pictures: dict[str, Any]

    @property
    def finding(self) -> Level:
        """The highest of the measures' findings."""
        return max((each.finding for each in self.measures), key=LEVELS.index)


def check_drawings(drawings: Drawings, version: VersionView | None, random: np.random.Generator) -> Found:
    """
    Measure how far the present lies from the reference, and judge it.

    Args:
        drawings: both.
        version: looks at them; None: there is none that can.
        random: seeded.
    """
    splits = draw_splits(drawings.blocks, drawings.num_present, NUM_SHUFFLES, random)
    ink = measure_means(drawings.bitmaps)
    distances = {
        "labels": compare_classes(drawings.labels, len(drawings.label_names), splits),
        "ink": compare_numbers(ink, splits),
    }
    view = version.look(drawings.bitmaps) if version else None
    likeness = None
    if view is not None:
        kernel = measure_kernel(view.embeddings)
        distances["confidence"] = compare_numbers(view.confidence, splits)
        distances["embedding"] = compare_by_kernel(kernel, splits)
        likeness = measure_likeness(kernel, drawings.num_present)
    measures = tuple(weigh(name, distances[name]) for name in THRESHOLDS if name in distances)
    is_telling = any(each.name == "embedding" and each.finding != "steady" for each in measures)
    confidence = view.confidence if view else None
    pictures = describe_samples(drawings, ink, confidence, likeness if is_telling else None)
    return Found(measures, pictures)


def measure_means(bitmaps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """
    Measure how much ink each bitmap has.

    Args:
        bitmaps: uint8, shape (drawings, height, width); 0 paper, 255 full ink.

    Returns:
        Shape (drawings,), in [0, 1].
    """
    return np.asarray(bitmaps.mean(axis=(1, 2), dtype=np.float64) / 255)


def weigh(name: str, distance: Distance) -> Measure:
    """Hold a distance against its measure's thresholds."""
    limits = THRESHOLDS[name]
    return Measure(
        name=name,
        value=distance.value,
        chance=distance.chance,
        p_value=distance.p_value,
        max_p_value=MAX_P_VALUE,
        watch=limits.watch,
        alert=limits.alert,
        finding=judge(name, distance),
    )


def judge(name: str, distance: Distance) -> Level:
    """
    Judge a distance: it counts if it is large, and if chance alone hardly ever gives as much.

    >>> judge("ink", Distance(0.3, 0.02, 0.001)), judge("ink", Distance(0.3, 0.2, 0.04))
    ('watch', 'steady')
    """
    limits = THRESHOLDS[name]
    if distance.p_value > MAX_P_VALUE or distance.value < limits.watch:
        return "steady"
    return "alert" if distance.value >= limits.alert else "watch"


def next_state(state: Level, found: Level, found_before: Level) -> Level:
    """
    Give the state after a check: it moves only as far as two checks in a row agree on.

    Args:
        state: before this check.
        found: the highest level of this check's measures.
        found_before: that of the check before.

    >>> next_state("steady", "alert", "steady"), next_state("steady", "alert", "watch")
    ('steady', 'watch')
    >>> next_state("alert", "steady", "alert"), next_state("alert", "steady", "steady")
    ('alert', 'steady')
    """
    lower, upper = sorted((LEVELS.index(found), LEVELS.index(found_before)))
    return LEVELS[min(max(LEVELS.index(state), lower), upper)]
