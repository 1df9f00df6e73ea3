"""Holdouts on which one network is better than another by as much as wanted, made of what real networks answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from benchmarks.gate.answers import Answers
from training_server.paired_holdout import PairedHoldout


@dataclass(frozen=True)
class Draws:
    """
    Many holdouts of one size: which drawings, and on which of them the better network plays the candidate.

    Attributes:
        rows: int64, shape (num_draws, num_rows); of all drawings.
        is_better: bool, of the same shape.
    """

    rows: NDArray[np.int64]
    is_better: NDArray[np.bool_]


@dataclass(frozen=True)
class Pair:
    """
    Two networks.

    Attributes:
        answers: of all networks.
        better, worse: their names.
    """

    answers: Answers
    better: str
    worse: str

    @cached_property
    def whole(self) -> PairedHoldout:
        """All drawings, the better network as the candidate."""
        return self.assign(np.arange(len(self.answers.labels)), np.ones(len(self.answers.labels), bool))

    @cached_property
    def wins(self) -> NDArray[np.int64]:
        """int64, shape (num_drawings,): 1 where only the better network is right, -1 where only the worse one is."""
        return self.whole.candidate_right.astype(np.int64) - self.whole.live_right.astype(np.int64)

    @cached_property
    def gains(self) -> NDArray[np.float64]:
        """float64, shape (num_drawings,): by how much the better network's log-loss is lower."""
        return self.whole.log_loss_gains

    @property
    def gap(self) -> float:
        """Share of all drawings that the better network is right on more."""
        return float(self.wins.mean())

    @property
    def disagreement(self) -> float:
        """Share of all drawings on which exactly one of the two is right."""
        return float(np.abs(self.wins).mean())

    def draw(self, difference: float, num_rows: int, num_draws: int, random: np.random.Generator) -> Draws:
        """
        Draw holdouts on which the candidate is truly better by a difference.

        On each drawing the better network plays the candidate with the probability that makes the difference true; so
        the two disagree as real networks do, also where they are equally good.

        Args:
            difference: share of drawings the candidate is right on more, between -gap and gap.
            num_rows: of each holdout, drawn with replacement.
            num_draws: holdouts.
            random: of the draw.
        """
        shape = (num_draws, num_rows)
        rows = random.integers(0, len(self.wins), shape)
        return Draws(rows, random.random(shape) < (1 + difference / self.gap) / 2)

    def assign(self, rows: NDArray[np.int64], is_better: NDArray[np.bool_]) -> PairedHoldout:
        """
        Let the better network play the candidate on some rows, and live on the others.

        Args:
            rows: of all drawings.
            is_better: bool, as many: where the candidate is the better one.
        """
        better, worse = (self.answers.logits[name][rows] for name in (self.better, self.worse))
        candidate = np.where(is_better[:, np.newaxis], better, worse)
        live = np.where(is_better[:, np.newaxis], worse, better)
        return PairedHoldout(self.answers.label_names, self.answers.labels[rows], candidate, live)


def pair_up(answers: Answers, first: str, second: str) -> Pair:
    """Put two networks in order."""
    is_first = answers.right(first).mean() >= answers.right(second).mean()
    return Pair(answers, first, second) if is_first else Pair(answers, second, first)


def choose_pair(pairs: Sequence[Pair], difference: float) -> Pair:
    """
    Choose the networks that agree most often among those far enough apart for a difference.

    Raises:
        ValueError: none are.
    """
    enough = [pair for pair in pairs if pair.gap >= abs(difference)]
    if not enough:
        raise ValueError(f"No two networks are {difference:.1%} apart; damage one more.")
    return min(enough, key=lambda pair: pair.disagreement)


def drop_label(holdout: PairedHoldout, label: int, share: float, random: np.random.Generator) -> PairedHoldout:
    """
    Let the candidate give up drawings of a label: a share of all of them are taken for the next label.

    Args:
        holdout: is not changed.
        label: index of the label.
        share: in [0, 1]; of the label's drawings, taken from those the candidate finds.
        random: which ones.
    """
    found = np.flatnonzero((holdout.labels == label) & holdout.candidate_right)
    num_lost = min(len(found), random.binomial(int((holdout.labels == label).sum()), share))
    lost = random.permutation(found)[:num_lost]
    candidate = holdout.candidate.copy()
    candidate[lost, (label + 1) % len(holdout.label_names)] = 1 + candidate[lost].max(initial=0)
    return PairedHoldout(holdout.label_names, holdout.labels, candidate, holdout.live)
