"""What is done with a run, by its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from doodle_db.run_orders import Kind
from doodle_web.tracing import Tracing
from training_server.delta_steps import DeltaSteps
from training_server.heartbeat import WatchedRun
from training_server.pipeline import carry_out
from training_server.progress import Observer
from training_server.publish import Conclusion
from training_server.report_format import Report
from training_server.scratch_steps import ScratchSteps
from training_server.searches.combinations import Params
from training_server.searches.trial import Metrics, carry_out_trial
from training_server.searches.trial_training import train_trial
from training_server.steps import CandidateSteps
from training_server.traced_steps import TracedSteps
from training_server.training_room import TrainingRoom


@dataclass(frozen=True)
class Told:
    """
    What a run came to.

    Attributes:
        conclusion: with the verdict; None: nothing was judged.
        report: for whoever keeps reports besides us; None: there is none.
    """

    conclusion: Conclusion | None
    report: Report | None


Story = Callable[[TrainingRoom, WatchedRun, Path, Tracing], Told]
"""Carries out a run from its claim to its end, in an empty folder that the caller removes."""


def tell_story(make: Callable[[TrainingRoom, WatchedRun, Path], CandidateSteps]) -> Story:
    """Give the story of a kind of run that makes a candidate."""

    def story(room: TrainingRoom, watched: WatchedRun, folder: Path, tracing: Tracing) -> Told:
        steps = make(room, watched, folder)
        return Told(carry_out(TracedSteps(steps, tracing)), steps.report)

    return story


def tell_trial(room: TrainingRoom, watched: WatchedRun, _folder: Path, tracing: Tracing) -> Told:
    """Carry out a trial of a search: it is measured, and leaves neither candidate nor report."""

    def train(watched: WatchedRun, params: Params, observer: Observer) -> Metrics:
        return train_trial(room, watched, params, observer)

    carry_out_trial(room.engine, watched, train, tracing)
    return Told(None, None)


STORIES: Mapping[Kind, Story] = {
    "delta": tell_story(DeltaSteps),
    "scratch": tell_story(ScratchSteps),
    "trial": tell_trial,
}
