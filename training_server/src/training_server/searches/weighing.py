"""Which properties matter: Optuna's PED-ANOVA over trials that have finished. Pure: trials in, shares out."""

from collections.abc import Sequence
from typing import Any

from training_server.searches.combinations import Params

MIN_TRIALS = 4
"""With fewer, any answer is chance."""

MIN_BEST = 5
"""So many of the best trials are compared with all, at least: what PED-ANOVA's authors advise."""

SMALLEST_SHARE = 0.1
"""Of many trials; Optuna's default."""

FEW_TRIALS = 20

MANY_VALUES = 10
"""More numbers than that were drawn from a range."""

LOG_RATIO = 100
"""A range as long as that is looked at in factors."""


def weigh_properties(trials: Sequence[tuple[Params, float]]) -> dict[str, float] | None:
    """
    Weigh how much each property decides whether a trial is among the best.

    PED-ANOVA compares where the best trials lie with where all lie; of Optuna's evaluators it is the one that needs
    neither scikit-learn nor the same properties in every trial (docs/decisions/0039).

    Args:
        trials: parameters and accuracy of those that have finished.

    Returns:
        A share of 1 for every property that had more than one value, the heaviest first; None if that cannot be told.
    """
    from optuna import create_study, logging  # noqa: PLC0415  # half a second, and only for this
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances  # noqa: PLC0415
    from optuna.trial import create_trial  # noqa: PLC0415

    varied = _find_varied(trials)
    if len(trials) < MIN_TRIALS or not varied or len({accuracy for _, accuracy in trials}) < 2:
        return None
    logging.set_verbosity(logging.WARNING)
    study = create_study(direction="maximize")
    for params, accuracy in trials:
        known = {name: value for name, value in params.items() if name in varied}
        study.add_trial(
            create_trial(params=known, distributions={name: varied[name] for name in known}, value=accuracy)
        )
    shares = choose_shares([accuracy for _, accuracy in trials])
    weights = [
        get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(target_quantile=share)) for share in shares
    ]
    means = {name: sum(each.get(name, 0.0) for each in weights) / len(weights) for name in varied}
    return {name: round(means[name], 4) for name in sorted(means, key=lambda name: -means[name])}


def choose_shares(accuracies: Sequence[float]) -> list[float]:
    """
    Choose how many of the trials count as the best: a tenth of many; of a few, every number there may be, in turn.

    One line between better and worse says little of eight trials: the four best may have nothing in common although
    each property does something. All lines together say more. Between trials equally good there is none.

    Args:
        accuracies: of all, at least two of them different.

    >>> [round(share * 4) for share in choose_shares([0.5, 0.6, 0.7, 0.7])]
    [2, 3]
    """
    ranked, number = sorted(accuracies, reverse=True), len(accuracies)
    lines = [best for best in range(1, number) if ranked[best - 1] > ranked[best]]
    wanted = max(MIN_BEST, round(SMALLEST_SHARE * number))
    chosen = lines if number <= FEW_TRIALS else [min(lines, key=lambda line: abs(line - wanted))]
    # A bit less than the number, which is rounded up again: so no rounding error makes it one more.
    return [(line - 0.01) / number for line in chosen]


def _find_varied(trials: Sequence[tuple[Params, float]]) -> dict[str, Any]:
    """Give a distribution to every property that had more than one value: those values, or the stretch of many."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution  # noqa: PLC0415

    values: dict[str, set[Any]] = {}
    for params, _ in trials:
        for name, value in params.items():
            values.setdefault(name, set()).add(value)
    varied = {name: sorted(each) for name, each in values.items() if len(each) > 1}

    def distribute(each: list[Any]) -> FloatDistribution | CategoricalDistribution:
        if len(each) <= MANY_VALUES or isinstance(each[0], str):
            return CategoricalDistribution(tuple(each))
        return FloatDistribution(each[0], each[-1], log=each[0] > 0 and each[-1] / each[0] > LOG_RATIO)

    return {name: distribute(each) for name, each in varied.items()}
