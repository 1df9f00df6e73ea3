"""By what numbers a version calls a drawing unknown."""

import numpy as np
import pytest

from doodle_db.manifest import HoldoutMetrics, InkRange
from doodle_db.rejection import is_ink, is_unknown
from doodle_testing.scribbles import scribble
from training_server.errors import ExamplesError
from training_server.rejection import choose_ink_range, choose_rejection, choose_threshold, draw_lone_lines, note_kept

NOTHING = InkRange(min_edges=9, max_edges=9, min_grey=9, max_grey=9)


def make_logits(num: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(num, 6)).astype(np.float32)


def test_the_threshold_keeps_at_least_its_share() -> None:
    """Of real drawings at least 95 % stay known, and not many more."""
    logits, drawings = make_logits(1000), scribble(1000, 0, 28, 28)

    rejection = choose_rejection(logits, drawings, ink=None)

    assert 0.95 <= (~is_unknown(rejection, logits, drawings)).mean() <= 0.951
    assert rejection.threshold == choose_threshold(logits)


def test_both_conditions_together_keep_the_share() -> None:
    """What is no ink counts among the 5 % that may be lost."""
    logits, drawings = make_logits(1000), scribble(1000, 0, 28, 28)
    drawings[:20] = 255
    ink = choose_ink_range(drawings[20:])

    rejection = choose_rejection(logits, drawings, ink)

    assert 0.95 <= (~is_unknown(rejection, logits, drawings)).mean() <= 0.951


def test_where_nothing_is_ink_the_threshold_is_a_number() -> None:
    """A manifest cannot hold infinity."""
    rejection = choose_rejection(make_logits(3), scribble(3, 0, 28, 28), NOTHING)

    assert np.isfinite(rejection.threshold)


def test_an_ink_range_keeps_nearly_all_and_leaves_out_the_oddest() -> None:
    """Each of the four ends may cut off a thousandth of the drawings, and not a pen's lone line."""
    drawings = scribble(2000, 0, 28, 28)
    drawings[0] = 255

    ink = choose_ink_range(drawings)

    assert 0.996 <= is_ink(ink, drawings).mean() < 1
    assert is_ink(ink, draw_lone_lines(28, 28)).all()


def test_the_share_that_stays_known_is_noted() -> None:
    """Operators see it beside the accuracy."""
    logits, drawings = make_logits(40), scribble(40, 0, 28, 28)
    rejection = choose_rejection(logits, drawings, ink=None, kept_share=0.75)
    metrics = HoldoutMetrics(num_doodles=40, accuracy=0.5, log_loss=1.0, recalls={})

    assert note_kept(metrics, rejection, logits, drawings) == metrics.model_copy(update={"kept": 0.75})


def test_without_drawings_there_is_no_threshold() -> None:
    """Nothing to choose by is an error, not a number."""
    with pytest.raises(ExamplesError, match="at least one"):
        choose_rejection(np.empty((0, 6), np.float32), np.empty((0, 28, 28), np.uint8), ink=None)
