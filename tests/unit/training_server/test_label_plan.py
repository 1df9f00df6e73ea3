"""Which labels a candidate tells apart: what its parent knows, and what there is enough of."""

from dataclasses import replace

import pytest

from doodle_db.label_sets import Label, LabelSet, load_label_set
from doodle_testing.builders import LABEL_SET, manifest
from training_server.errors import LabelsDifferError
from training_server.label_plan import MIN_TEST, MIN_TRAIN, Stock, is_enough, keep_labels, plan_labels
from training_server.learnt_labels import tell_labels
from training_server.publish import Conclusion

MOUSE, WHALE = Label("mouse", "a mouse", "🐭"), Label("whale", "a whale", "🐳")
ENOUGH, TOO_FEW = Stock(MIN_TRAIN, MIN_TEST), Stock(MIN_TRAIN - 1, MIN_TEST)


def with_labels(*added: Label) -> LabelSet:
    return replace(LABEL_SET, labels=(*LABEL_SET.labels, *added))


def test_without_new_labels_nothing_changes() -> None:
    """The usual run."""
    plan = plan_labels(LABEL_SET, manifest(), {})

    assert plan == keep_labels(LABEL_SET)
    assert (plan.grown, plan.known) == ((), LABEL_SET)


def test_a_label_with_enough_drawings_is_learnt_and_another_waits() -> None:
    """New labels stand behind the parent's; one that waits does not hold up the next."""
    plan = plan_labels(with_labels(WHALE, MOUSE), manifest(), {"whale": TOO_FEW, "mouse": ENOUGH})

    assert plan.label_set.names == (*LABEL_SET.names, "mouse")
    assert (plan.grown, plan.known, dict(plan.waiting)) == (("mouse",), LABEL_SET, {"whale": TOO_FEW})


def test_the_parents_order_holds() -> None:
    """A parent that learnt the second label first keeps its outputs' order; the first one comes behind."""
    known = [{"name": each.name, "prompt": each.prompt, "emoji": each.emoji} for each in with_labels(MOUSE).labels]
    parent = manifest().model_validate({**manifest().model_dump(mode="json"), "labels": known} | _sample_of(7))

    plan = plan_labels(with_labels(WHALE, MOUSE), parent, {"whale": ENOUGH})

    assert plan.label_set.names == (*LABEL_SET.names, "mouse", "whale")
    assert plan.grown == ("whale",)


def _sample_of(num_labels: int) -> dict[str, object]:
    sample = manifest().model_dump(mode="json")["self_check"]
    return {"self_check": {**sample, "logits": [0.0] * num_labels}}


def test_a_parent_of_another_label_set_is_refused() -> None:
    """Labels that are not in the set cannot be kept."""
    with pytest.raises(LabelsDifferError):
        plan_labels(load_label_set("digits"), manifest(), {})


@pytest.mark.parametrize(
    ("stock", "enough"),
    [
        (ENOUGH, True),
        (TOO_FEW, False),
        (Stock(MIN_TRAIN, MIN_TEST - 1), False),
        (Stock(149, 30, num_tried=100), False),
        (Stock(150, 30, num_tried=100), True),
    ],
)
def test_enough_is_both_to_learn_and_to_test_and_more_after_a_rejection(stock: Stock, enough: bool) -> None:
    """So that a label that cannot be learnt does not keep the others from learning."""
    assert is_enough(stock) is enough


def test_a_runs_end_tells_of_new_labels() -> None:
    """What was learnt, for the next run to know; what waits and for how many, for the operator to read."""
    conclusion = Conclusion({"outcome": "rejected", "summary": "No.", "checks": []}, {"live": {}}, None)
    plan = plan_labels(with_labels(WHALE, MOUSE), manifest(), {"whale": TOO_FEW, "mouse": ENOUGH})

    told = tell_labels(conclusion, plan)

    assert told.metrics == {"live": {}, "grown": {"mouse": MIN_TRAIN}}
    assert str(told.verdict["summary"]).startswith("No. Of whale there are 59 drawings to train on")
    assert tell_labels(conclusion, keep_labels(LABEL_SET)) == conclusion
