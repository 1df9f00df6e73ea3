"""Versions that know different labels are compared on all that either knows."""

import numpy as np

from doodle_db.label_sets import Label
from doodle_db.manifest import manifest_labels
from doodle_testing.builders import LABEL_SET, manifest
from training_server.version_comparer import join_labels, place_guesses

MOUSE = Label("mouse", "a mouse", "\N{MOUSE FACE}")


def test_labels_of_both_are_asked_about() -> None:
    """One has learnt a label that the other does not know: its drawings count, and the other is wrong about them."""
    older = manifest("a" * 12)
    newer = older.model_copy(update={"labels": manifest_labels([MOUSE, *LABEL_SET.labels])})

    joined = join_labels(LABEL_SET, [older, newer])

    assert joined.names == (*LABEL_SET.names, "mouse")
    assert (joined.height, joined.width) == (LABEL_SET.height, LABEL_SET.width)


def test_a_guess_means_its_label_whatever_the_order() -> None:
    """Each version's index becomes that of the labels both are asked about."""
    names = ("bird", "cat", "dog", "mouse")

    placed = place_guesses(np.array([0, 1, 2]), ("mouse", "dog", "bird"), names)

    assert [names[index] for index in placed] == ["mouse", "dog", "bird"]


def test_no_drawing_no_guess() -> None:
    """An empty holdout stays one."""
    assert place_guesses(np.empty(0, np.int64), ("cat",), ("cat",)).shape == (0,)
