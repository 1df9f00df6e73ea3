"""
What a doodle looks like, asked of its nearest neighbours: out of sample, and out of its contributor's own reach.

Neighbours are trusted drawings and other contributors' new doodles, in the features of a network that was trained on
none of the new ones. So a new way of drawing a thing is believed when several people draw it that way, and nobody is a
witness in their own case.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training_server.screening.doodles import KnownDoodles, NewDoodles
from training_server.screening.policy import ScreeningPolicy

ROWS_AT_ONCE = 500
"""Bounds memory: 500 doodles and 20,000 neighbours are 40 MB."""

SMOOTHING = 0.1
"""Votes every label has from the start: no share is exactly 0 or 1."""

ROWS_PER_LABEL = 200
"""Trusted drawings of each label by which its usual share is found."""

NOBODY = -1
"""The contributor of trusted drawings; no contributor's number is negative."""


@dataclass(frozen=True)
class Voters:
    """
    Drawings with labels.

    Attributes:
        directions: float32, shape (num_rows, num_features); features about the mean, each row of length 1.
        labels: int64, shape (num_rows,).
        contributors: int64, shape (num_rows,); NOBODY for trusted drawings.
    """

    directions: NDArray[np.float32]
    labels: NDArray[np.int64]
    contributors: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> "Voters":
        """Give these rows, in this order."""
        return Voters(self.directions[rows], self.labels[rows], self.contributors[rows])


def share_votes(
    new: NewDoodles, known: KnownDoodles, may_vote: NDArray[np.bool_], policy: ScreeningPolicy
) -> NDArray[np.float64]:
    """
    Ask each new doodle's nearest neighbours for their labels.

    Args:
        new: the doodles.
        known: trusted drawings; at least one.
        may_vote: bool, shape (num_rows,): the new doodles that may be neighbours.
        policy: how many neighbours are asked.

    Returns:
        float64, shape (num_rows, num_labels): the share of the votes each label has; rows sum to 1.
    """
    asking = Voters(_find_directions(new.embeddings, known), new.labels, _tell_apart(new.contributors, policy))
    neighbours = _join(_trusted(known), asking.take(np.flatnonzero(may_vote)))
    return _count_votes(asking, neighbours, policy.num_neighbours, len(known.label_names))


def find_usual_shares(known: KnownDoodles, policy: ScreeningPolicy) -> NDArray[np.float64]:
    """
    Find how large a share a label usually has among the neighbours of its own trusted drawings.

    Returns:
        float64, shape (num_labels,), each in [0, 1]; 1 where a label has no trusted drawing.

    Source: the per-class threshold of confident learning, here from trusted rows, which nobody can move: C. Northcutt,
    L. Jiang, I. Chuang, "Confident Learning", JAIR 70 (2021), equation 2.
    """
    trusted = _trusted(known)
    labels = range(len(known.label_names))
    chosen = np.concatenate([np.flatnonzero(known.labels == label)[:ROWS_PER_LABEL] for label in labels])
    # Each its own contributor: it asks all others, and not itself.
    rows = Voters(trusted.directions, trusted.labels, np.arange(len(trusted.labels)))
    shares = _count_votes(rows.take(chosen), rows, policy.num_neighbours, len(known.label_names))
    of_label = [shares[known.labels[chosen] == label, label] for label in labels]
    return np.array([each.mean() if len(each) else 1.0 for each in of_label])


def _trusted(known: KnownDoodles) -> Voters:
    directions = _find_directions(known.embeddings, known)
    return Voters(directions, known.labels, np.full(len(known.labels), NOBODY))


def _tell_apart(contributors: NDArray[np.int64], policy: ScreeningPolicy) -> NDArray[np.int64]:
    """Number contributors, or, where there are too few to speak for each other, the doodles."""
    names, numbers = np.unique(contributors, return_inverse=True)
    return numbers if len(names) >= policy.min_contributors else np.arange(len(contributors))


def _find_directions(embeddings: NDArray[np.float32], known: KnownDoodles) -> NDArray[np.float32]:
    """Give features relative to the trusted drawings' mean and spread, each row of length 1."""
    centred = (embeddings - known.embeddings.mean(axis=0)) / (known.embeddings.std(axis=0) + 1e-3)
    return np.asarray(centred / (np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9), np.float32)


def _join(first: Voters, second: Voters) -> Voters:
    return Voters(
        np.concatenate([first.directions, second.directions]),
        np.concatenate([first.labels, second.labels]),
        np.concatenate([first.contributors, second.contributors]),
    )


def _count_votes(asking: Voters, neighbours: Voters, num_neighbours: int, num_labels: int) -> NDArray[np.float64]:
    num_asked = min(num_neighbours, len(neighbours.labels))
    votes = np.full((len(asking.labels), num_labels), SMOOTHING)
    for start in range(0, len(votes), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        likeness = asking.directions[rows] @ neighbours.directions.T
        own = asking.contributors[rows, np.newaxis] == neighbours.contributors
        likeness[own] = -np.inf
        nearest = np.argpartition(-likeness, num_asked - 1, axis=1)[:, :num_asked]
        row, place = np.nonzero(np.isfinite(np.take_along_axis(likeness, nearest, axis=1)))
        np.add.at(votes[rows], (row, neighbours.labels[nearest[row, place]]), 1)
    return np.asarray(votes / votes.sum(axis=1, keepdims=True))
