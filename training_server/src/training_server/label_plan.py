"""Which labels a run's candidate tells apart: its parent's, and new ones that there are enough drawings of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from doodle_db.label_sets import LabelSet
from doodle_db.manifest import Manifest
from training_server.lineage import require_labels

MIN_TRAIN = 60
"""Train-split drawings a label needs before a run learns it (docs/decisions/0028)."""

MIN_TEST = 8
"""Held-out ones: 60 drawings to train on leave about 11; with fewer nobody could tell whether it has been learnt."""

MORE_AFTER_REJECTION = 1.5
"""
A label on which a candidate was turned away waits until there are so many times more drawings of it.

Otherwise a label that cannot be learnt, or that nobody draws in earnest, would keep the others from learning for ever.
"""


@dataclass(frozen=True)
class Stock:
    """
    Drawings there are of a label that the live version does not know.

    Attributes:
        num_train: of the train split.
        num_test: held out.
        num_tried: of the train split, when a candidate that knew the label was turned away last; 0 if none was.
    """

    num_train: int
    num_test: int
    num_tried: int = 0


@dataclass(frozen=True)
class LabelPlan:
    """
    The labels of a run.

    Attributes:
        label_set: the candidate's: the parent's labels in the parent's order, then those that are new to it.
        num_known: how many of them the parent knows.
        stocks: drawings there are of each label the parent does not know, whether it is learnt now or waits.
    """

    label_set: LabelSet
    num_known: int
    stocks: Mapping[str, Stock] = field(default_factory=dict)

    @property
    def known(self) -> LabelSet:
        """The labels the parent knows; their indices are the candidate's, too."""
        return replace(self.label_set, labels=self.label_set.labels[: self.num_known])

    @property
    def grown(self) -> tuple[str, ...]:
        """Names of the labels the parent does not know and the candidate learns."""
        return self.label_set.names[self.num_known :]

    @property
    def waiting(self) -> Mapping[str, Stock]:
        """The labels that there are too few drawings of."""
        return {name: stock for name, stock in self.stocks.items() if name not in self.grown}


def keep_labels(label_set: LabelSet) -> LabelPlan:
    """Plan a run that learns no new label."""
    return LabelPlan(label_set, len(label_set.labels))


def find_new(present: LabelSet, parent: Manifest) -> tuple[str, ...]:
    """Find the labels that a version does not know, in the label set's order."""
    return tuple(name for name in present.names if name not in parent.label_names)


def plan_labels(present: LabelSet, parent: Manifest, stocks: Mapping[str, Stock]) -> LabelPlan:
    """
    Decide which labels a candidate tells apart.

    What its parent knows it goes on knowing, in the same order, so that the parent's answers keep their meaning; new
    labels come behind, in the order they were added.

    Args:
        present: the label set as it is now.
        parent: the version the candidate begins from.
        stocks: of the labels the parent does not know.

    Raises:
        LabelsDifferError: the parent is of another label set.
    """
    require_labels(parent, present)
    of_name = {label.name: label for label in present.labels}
    grown = [name for name in find_new(present, parent) if is_enough(stocks.get(name, Stock(0, 0)))]
    labels = tuple(of_name[name] for name in (*parent.label_names, *grown))
    return LabelPlan(replace(present, labels=labels), len(parent.labels), stocks)


def is_enough(stock: Stock) -> bool:
    """
    Decide whether a label can be learnt now.

    >>> is_enough(Stock(60, 8)), is_enough(Stock(59, 8)), is_enough(Stock(80, 8, num_tried=60))
    (True, False, False)
    """
    return stock.num_train >= max(MIN_TRAIN, MORE_AFTER_REJECTION * stock.num_tried) and stock.num_test >= MIN_TEST


def describe_waiting(waiting: Mapping[str, Stock]) -> str:
    """
    Say which labels wait for what; "" if none does.

    >>> describe_waiting({"mouse": Stock(12, 2)})
    'Of mouse there are 12 drawings to train on and 2 held out; 60 and 8 are needed before it is learnt.'
    """
    return " ".join(
        f"Of {name} there are {stock.num_train:,} drawings to train on and {stock.num_test:,} held out; "
        f"{_num_needed(stock):,} and {MIN_TEST} are needed before it is learnt."
        for name, stock in waiting.items()
    )


def _num_needed(stock: Stock) -> int:
    return max(MIN_TRAIN, -int(-MORE_AFTER_REJECTION * stock.num_tried // 1))
