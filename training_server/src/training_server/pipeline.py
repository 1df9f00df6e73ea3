"""The story of a run, on one page: screen, read, train, export, judge, publish or reject."""

import logging
from typing import Protocol, TypeVar

from doodle_db.errors import LiveModelChangedError
from doodle_web.json_logs import log_event
from training_server.publish import Conclusion

log = logging.getLogger(__name__)

MAX_VERDICTS = 5
"""How often the live model may change under a run before it gives up; each time is somebody's deliberate act."""

Material = TypeVar("Material")
Candidate = TypeVar("Candidate")
Version = TypeVar("Version")


class Steps(Protocol[Material, Candidate, Version]):
    """
    What one run does, step by step.

    Any step may raise RunInterrupted: then nothing final has been written, and the caller decides what becomes of the
    run.
    """

    def screen(self) -> None:
        """Put aside the new doodles that look wrong, and write down why."""

    def read(self) -> Material | None:
        """Read new doodles, replay and holdouts, and write down what is trained on; None if nothing is new."""

    def train(self, material: Material) -> Candidate:
        """Train a candidate, from the weights of the version that is live."""

    def export(self, material: Material, candidate: Candidate) -> Version:
        """Write the candidate's files, read them back, and see whether they answer as the candidate does."""

    def find_live(self) -> str:
        """Find what is live now: it may have changed since the run began."""

    def judge(self, material: Material, candidate: Candidate, version: Version, live: str) -> Conclusion:
        """Test candidate and live on the same holdouts and say whether the candidate may go live."""

    def conclude(self, version: Version | None, conclusion: Conclusion) -> None:
        """
        Publish or reject, and end the run.

        Raises:
            LiveModelChangedError: something else is live than what the verdict compared with; nothing was written.
        """


def carry_out(steps: Steps[Material, Candidate, Version]) -> Conclusion:
    """
    Carry out a run from its claim to its end.

    Raises:
        RunInterrupted: the run was asked to stop; it has not ended.
        LiveModelChangedError: the live model changed at every verdict.
    """
    steps.screen()
    material = steps.read()
    if material is None:
        conclusion = nothing_new()
        steps.conclude(None, conclusion)
        return conclusion
    candidate = steps.train(material)
    version = steps.export(material, candidate)
    for _ in range(MAX_VERDICTS):
        conclusion = steps.judge(material, candidate, version, steps.find_live())
        try:
            steps.conclude(version, conclusion)
        except LiveModelChangedError as changed:
            log_event(log, logging.INFO, "live_model_changed", compared_with=conclusion.compared_with, now=str(changed))
        else:
            return conclusion
    raise LiveModelChangedError(f"The live model changed {MAX_VERDICTS} times during the verdict; train again.")


def nothing_new() -> Conclusion:
    """Say that a run had nothing to train on: its doodles were withdrawn, or came with labels of another set."""
    summary = (
        "Nothing to train on: there is no new doodle of this label set since the live version's watermark that is used."
    )
    return Conclusion({"outcome": "rejected", "summary": summary, "checks": []}, metrics={}, compared_with=None)
