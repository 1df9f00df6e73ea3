"""Which properties matter: Optuna's PED-ANOVA over trials that have finished. Pure: trials in, shares out."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from training_server.searches.combinations import Params

MIN_TRIALS = 4
"""With fewer, any answer is chance."""

MIN_BEST = 5
"""So many of the best trials are compared with all, where there are twice as many: what PED-ANOVA's authors advise."""

LARGEST_SHARE, SMALLEST_SHARE = 0.5, 0.1

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
    share = choose_share([accuracy for _, accuracy in trials])
    weights = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(target_quantile=share))
    return {name: round(float(weight), 4) for name, weight in weights.items()}


def choose_share(accuracies: Sequence[float]) -> float:
    """
    Choose how many count as the best: the better half of a few trials, a tenth of many, and never all there are.

    Args:
        accuracies: of all, at least two of them different.

    >>> choose_share([0.5, 0.6]), choose_share([0.1] * 5 + [0.2]) < 1 / 6
    (0.5, True)
    """
    share = min(LARGEST_SHARE, max(SMALLEST_SHARE, MIN_BEST / len(accuracies)))
    ranked = sorted(accuracies, reverse=True)
    if ranked[ceil(share * len(ranked)) - 1] > ranked[-1]:
        return share
    # Those that are as bad as the worst would all count: only what is better does.
    num_better = sum(accuracy > ranked[-1] for accuracy in ranked)
    return (num_better - 0.5) / len(ranked)


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
