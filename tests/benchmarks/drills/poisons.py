"""Rounds with wrong labels in them, in both splits alike: by people who err, by one who lies, by many who do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import keras
import numpy as np
from numpy.typing import NDArray

from benchmarks.drills.drawings import Drawings, join_drawings
from benchmarks.drills.kept import Kept
from doodle_db.splits import split_of
from training_server.evaluate import predict_logits, to_log_probabilities

Kind = Literal["random", "targeted"]

FIRST_LIAR = 1_000_000
"""Contributors from this number on send what is wrong; honest ones have smaller numbers."""

DRAWINGS_EACH = 10
"""What one of many liars sends of a split in a round: half of what honest people do, so that none stands out."""


@dataclass(frozen=True)
class Attack:
    """
    What is wrong with the drawings that come in.

    Attributes:
        share: of all drawings of a round, in [0, 1).
        kind: "random": any drawing under any wrong label; "targeted": drawings of `victim` under the label `taken_for`.
        is_one: whether all of it comes from one contributor; else from as many as it takes.
        victim, taken_for: indices of labels.
        is_careful: whether those drawings are sent that the live version nearly takes for what they are said to be.
        seed: of the choice.
    """

    share: float
    kind: Kind
    is_one: bool
    victim: int
    taken_for: int
    is_careful: bool = False
    seed: int = 0


def is_lie(drawings: Drawings) -> NDArray[np.bool_]:
    """bool, shape (num_rows,): which drawings come from those who lie."""
    return np.asarray(drawings.contributors >= FIRST_LIAR)


def poison(honest: Drawings, stock: Drawings, attack: Attack, live: keras.Model, number: int) -> Drawings:
    """
    Put wrong drawings in the place of honest ones, the same share of either split.

    Args:
        honest: a round.
        stock: other drawings, rightly labelled, of which the liars make use; each is used once.
        attack: what they do.
        live: the network whose files every page loads, so that they have it, too.
        number: of the round.
    """
    random = np.random.default_rng([attack.seed, number])
    parts = []
    for split in ("train", "test"):
        ours = honest.take(_rows_of(honest, split))
        theirs = stock.take(_choose(stock, _rows_of(stock, split), attack, live, random))
        num_wrong = min(round(attack.share * len(ours)), len(theirs))
        kept = random.permutation(len(ours))[num_wrong:]
        parts += [ours.take(np.sort(kept)), _lie(theirs.take(np.arange(num_wrong)), attack, live, random)]
    mixed = join_drawings(parts)
    return mixed.take(random.permutation(len(mixed)))


def _rows_of(drawings: Drawings, split: str) -> NDArray[np.int64]:
    return np.flatnonzero([split_of(each) == split for each in drawings.ids])


def _choose(
    stock: Drawings, rows: NDArray[np.int64], attack: Attack, live: keras.Model, random: np.random.Generator
) -> NDArray[np.int64]:
    """Order what may be sent: the best first."""
    shuffled = random.permutation(rows)
    if attack.kind == "random":
        return np.asarray(shuffled)
    victims = shuffled[stock.labels[shuffled] == attack.victim]
    if not attack.is_careful or not len(victims):
        return np.asarray(victims)
    answers = to_log_probabilities(predict_logits(live, stock.bitmaps[victims]))
    return np.asarray(victims[np.argsort(answers[:, attack.victim] - answers[:, attack.taken_for])])


def _lie(drawings: Drawings, attack: Attack, live: keras.Model, random: np.random.Generator) -> Drawings:
    num_rows, num_labels = len(drawings), live.output_shape[-1]
    if attack.kind == "targeted":
        labels = np.full(num_rows, attack.taken_for, np.int64)
    else:
        labels = (drawings.labels + random.integers(1, num_labels, num_rows)) % num_labels
    people = np.zeros(num_rows, np.int64) if attack.is_one else np.arange(num_rows) // DRAWINGS_EACH
    return Drawings(drawings.bitmaps, labels, FIRST_LIAR + people, drawings.ids)


@dataclass(frozen=True)
class Tally:
    """
    What became of wrong drawings and of the others, of both splits.

    Attributes:
        num_lies, num_lies_used: wrong drawings, and those of them that are used.
        num_honest, num_honest_used: the others.
    """

    num_lies: int
    num_lies_used: int
    num_honest: int
    num_honest_used: int


def count_used(kept: Kept) -> Tally:
    """Count what a house has used of all that came in."""
    lies = np.concatenate([is_lie(drawings) for drawings in kept.rounds])
    used = np.concatenate(kept.used)
    return Tally(*(int(rows.sum()) for rows in (lies, lies & used, ~lies, ~lies & used)))


def choose_stock(rounds: Sequence[Drawings], num_kept: int) -> tuple[list[Drawings], list[Drawings]]:
    """Let the first rounds be honest people's and deal what is left out as stock, one part for each of them."""
    honest, rest = list(rounds[:num_kept]), list(rounds[num_kept:])
    num_each = len(rest) // num_kept
    return honest, [join_drawings(rest[start * num_each : (start + 1) * num_each]) for start in range(num_kept)]
