"""How long a search will take: from runs that were measured where there are any, else from sizes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training_server.searches.network_sizes import NetworkSize

SECONDS_PER_MULTIPLY_ADD = 1.2e-10
"""Of one drawing in one epoch, forwards and backwards; from cnn's 2365 drawings a second on two cores."""

SECONDS_PER_DRAWING = 5e-5
"""What a drawing costs besides, in every epoch: read, augmented, put into a batch; as measured with mlp."""

SECONDS_PER_TRIAL = 4.0
"""What comes before the first and after the last step: read, trace the graph, test; as measured on two cores."""

DEFAULT_EPOCHS = 3


@dataclass(frozen=True)
class Cost:
    """
    One training, by what its time depends on.

    Attributes:
        network: its name.
        dataset: what is read.
        size: of the network.
        num_rows: drawings it goes through in an epoch.
        epochs: how often it does.
    """

    network: str
    dataset: str
    size: NetworkSize
    num_rows: int
    epochs: int


@dataclass(frozen=True)
class Measured:
    """
    A training that has been measured.

    Attributes:
        cost: what its time depended on.
        seconds: from the moment a worker had it to its end.
    """

    cost: Cost
    seconds: float


@dataclass(frozen=True)
class Estimate:
    """
    How long something will take.

    Attributes:
        seconds: from its start, if all workers that are there work on it alone.
        words: what that is judged by.
    """

    seconds: float
    words: str


def estimate(costs: Sequence[Cost], measured: Sequence[Measured], num_workers: int) -> Estimate:
    """
    Judge the time of a search.

    Args:
        costs: of its trainings.
        measured: trainings of the same networks, newest first.
        num_workers: how many work at once; 0: nobody is there, and one is reckoned with.

    >>> size = NetworkSize(92_867, 2_800_000)
    >>> estimate([], [], 1).seconds
    0.0
    """
    factors = {
        network: _find_factor(network, costs, measured) for network in dict.fromkeys(each.network for each in costs)
    }
    seconds = sum(_guess(each) * (factors[each.network] or 1.0) for each in costs)
    at_once = max(1, min(num_workers, len(costs)))
    workers = f"{at_once} worker{'s' if at_once > 1 else ''}" + ("" if num_workers else " (none is there now)")
    return Estimate(round(seconds / at_once, 1), f"{_explain(factors)} With {workers}.")


def _guess(cost: Cost) -> float:
    """Guess a training's seconds from its size, on a machine of two cores."""
    per_row = cost.size.num_multiply_adds * SECONDS_PER_MULTIPLY_ADD + SECONDS_PER_DRAWING
    return SECONDS_PER_TRIAL + per_row * cost.num_rows * cost.epochs


def _find_factor(network: str, costs: Sequence[Cost], measured: Sequence[Measured]) -> float | None:
    """
    Find by how much the measured runs of a network were slower than guessed; None if there are none.

    Those that read the same data in as many epochs know best; else those of the network.
    """
    wanted = {(each.dataset, each.epochs) for each in costs if each.network == network}
    alike = [each for each in measured if each.cost.network == network]
    best = [each for each in alike if (each.cost.dataset, each.cost.epochs) in wanted] or alike
    ratios = sorted(each.seconds / _guess(each.cost) for each in best)
    return ratios[len(ratios) // 2] if ratios else None


def _explain(factors: Mapping[str, Any]) -> str:
    known = [network for network, factor in factors.items() if factor is not None]
    unknown = [network for network, factor in factors.items() if factor is None]
    parts = []
    if known:
        parts.append(f"Judged by runs of {', '.join(known)} that were measured here.")
    if unknown:
        parts.append(
            f"Guessed from the size of {', '.join(unknown)} and the number of drawings: no run of it was measured here."
        )
    return " ".join(parts)
