"""A search's sampler: Optuna's study in PostgreSQL, asked and told so that doing it twice changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zlib import crc32

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.pruners import BasePruner, MedianPruner, NopPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.storages import BaseStorage
from optuna.study import Study
from optuna.trial import FrozenTrial, Trial, TrialState, create_trial
from sqlalchemy import Row

from training_server.searches.combinations import Params
from training_server.searches.configuration import Choice, Configuration, Range, from_json
from training_server.searches.properties import PROPERTIES, properties_of
from training_server.searches.storage import drivers_errors

Distribution = IntDistribution | FloatDistribution | CategoricalDistribution

RUN = "run"
"""Under this attribute Optuna's trial knows our run."""

NUM_STARTUP_TRIALS = 4
"""A trial is only pruned when so many have ended; one is none."""

NUM_WARMUP_EPOCHS = 1
"""The first epoch tells more about the learning rate's size than about where it leads."""


@dataclass(frozen=True)
class StudyPlan:
    """
    What a study needs to know of its search.

    Attributes:
        key: the search's.
        method: `grid`, `random` or `tpe`.
        configuration: every property.
        pruning: whether a trial ends early when others were better by then.
    """

    key: UUID
    method: str
    configuration: Configuration
    pruning: bool = False


@dataclass(frozen=True)
class Outcome:
    """
    How a trial's run has ended.

    Attributes:
        run: its key.
        params: it was carried out with; None if it never came to that.
        accuracy: on the rows held back; None unless it has finished.
        is_pruned: whether it was ended early.
    """

    run: UUID
    params: Params | None
    accuracy: float | None = None
    is_pruned: bool = False

    @property
    def state(self) -> TrialState:
        """As Optuna has it."""
        if self.is_pruned:
            return TrialState.PRUNED
        return TrialState.FAIL if self.accuracy is None else TrialState.COMPLETE


class SearchStudy:
    """
    One search's study.

    Whoever calls `ask` or `tell` holds the search's lock (doodle_db.searches.lock_search), so that no run gets two
    trials. A run is known by its key: asking for it again, after a worker was killed, gives the same parameters.
    """

    def __init__(self, storage: BaseStorage, plan: StudyPlan, number: int = 1) -> None:
        """
        Args:
            storage: opened; the study is made if it is not there.
            plan: of the search.
            number: of the trial that is to be asked for: another one has other random numbers.
        """
        self._plan, self._storage = plan, storage
        with drivers_errors():
            self._study: Study = optuna.create_study(
                storage=storage,
                study_name=str(plan.key),
                direction="maximize",
                sampler=_make_sampler(plan, number),
                pruner=_make_pruner(plan),
                load_if_exists=True,
            )

    def ask(self, run: UUID, fixed: Params | None) -> Params:
        """
        Decide what a run tries; the same for the same run, however often it is asked.

        Args:
            run: its key.
            fixed: what it has to be; None: the sampler decides.
        """
        with drivers_errors():
            trial = self.take(run, fixed)
            network = str(self._suggest(trial, "NETWORK"))
            names = [name for name in properties_of(network) if name in self._plan.configuration and name != "NETWORK"]
            chosen = {"NETWORK": network, **{name: self._suggest(trial, name) for name in names}}
        return chosen if fixed is None else fixed

    def take(self, run: UUID, fixed: Params | None = None) -> Trial:
        """Give a run's trial, so that it can report; made if it is not there."""
        with drivers_errors():
            found = self._find(run)
            if found is None:
                varied = {name: value for name, value in (fixed or {}).items() if self._is_varied(name)}
                self._study.enqueue_trial(varied, user_attrs={RUN: str(run)})
                found = self._find(run)
            assert found is not None  # noqa: S101  # it was just put there, under the search's lock
            if found.state == TrialState.WAITING:
                self._storage.set_trial_state_values(found._trial_id, TrialState.RUNNING)
            return Trial(self._study, found._trial_id)

    def report(self, trial: Trial, epoch: int, accuracy: float) -> bool:
        """
        Tell what a trial came to after an epoch, and ask whether to end it.

        An attempt that follows a killed one reports its epochs anew: they are the same, and were not the end before.
        """
        with drivers_errors():
            told = self._storage.get_trial(trial._trial_id).intermediate_values
            if epoch <= max(told, default=0):
                return False
            trial.report(accuracy, epoch)
            return trial.should_prune()

    def tell(self, outcomes: Sequence[Outcome]) -> int:
        """
        Tell how runs have ended; what Optuna knows already is left alone.

        Returns:
            How many were new to it.
        """
        with drivers_errors():
            known = {trial.user_attrs.get(RUN): trial for trial in self._study.get_trials(deepcopy=False)}
            return sum(self._tell(outcome, known.get(str(outcome.run))) for outcome in outcomes)

    def _tell(self, outcome: Outcome, trial: FrozenTrial | None) -> bool:
        if trial is None:
            return self._add(outcome)
        if trial.state.is_finished():
            return False
        if trial.state == TrialState.WAITING:
            self._storage.set_trial_state_values(trial._trial_id, TrialState.RUNNING)
        values = None if outcome.accuracy is None else [outcome.accuracy]
        self._storage.set_trial_state_values(trial._trial_id, outcome.state, values)
        return True

    def _add(self, outcome: Outcome) -> bool:
        """Add a run Optuna has never heard of: its tables are not in a backup, ours are."""
        if outcome.params is None:
            return False
        told = {name: value for name, value in outcome.params.items() if self._is_varied(name)}
        distributions: dict[str, BaseDistribution] = {name: self._distribute(name) for name in told}
        values = None if outcome.accuracy is None else [outcome.accuracy]
        attributes = {RUN: str(outcome.run)}
        self._study.add_trial(
            create_trial(
                state=outcome.state, params=told, distributions=distributions, values=values, user_attrs=attributes
            )
        )
        return True

    def _find(self, run: UUID) -> FrozenTrial | None:
        trials = self._study.get_trials(deepcopy=False)
        return next((trial for trial in trials if trial.user_attrs.get(RUN) == str(run)), None)

    def _suggest(self, trial: Trial, name: str) -> Any:
        choice = self._plan.configuration[name]
        if not isinstance(choice, Range) and len(choice) == 1:
            return choice[0]
        match self._distribute(name):
            case IntDistribution(low=low, high=high, log=log):
                return trial.suggest_int(name, low, high, log=log)
            case FloatDistribution(low=low, high=high, log=log):
                return trial.suggest_float(name, low, high, log=log)
            case CategoricalDistribution(choices=choices):
                return trial.suggest_categorical(name, choices)

    def _distribute(self, name: str) -> Distribution:
        # A grid may be extended by values, and Optuna takes no other values for what it knows already: there, a
        # property has all of its own.
        return _distribute(name, _all_of(name) if self._plan.method == "grid" else self._plan.configuration[name])

    def _is_varied(self, name: str) -> bool:
        choice = self._plan.configuration.get(name, ())
        return isinstance(choice, Range) or len(choice) > 1


def _all_of(name: str) -> Choice:
    """Give all that a property may be."""
    each = PROPERTIES[name]
    return each.words if each.low is None or each.high is None else Range(each.low, each.high)


def _distribute(name: str, choice: Choice) -> Distribution:
    if not isinstance(choice, Range):
        return CategoricalDistribution(choice)
    if PROPERTIES[name].kind == "integer":
        return IntDistribution(int(choice.low), int(choice.high), log=choice.log)
    return FloatDistribution(choice.low, choice.high, log=choice.log)


def _make_sampler(plan: StudyPlan, number: int) -> BaseSampler:
    # A sampler is made anew for each trial, on whichever worker takes it: its random numbers come from the trial.
    seed = crc32(f"{plan.key} {number}".encode())
    return TPESampler(seed=seed) if plan.method == "tpe" else RandomSampler(seed=seed)


def _make_pruner(plan: StudyPlan) -> BasePruner:
    if not plan.pruning:
        return NopPruner()
    return MedianPruner(n_startup_trials=NUM_STARTUP_TRIALS, n_warmup_steps=NUM_WARMUP_EPOCHS + 1)


def plan_of(search: Row[Any]) -> StudyPlan:
    """Read what a study needs to know from a search's row."""
    return StudyPlan(search.key, search.method, from_json(search.configuration), search.pruning)
