"""How a run ends: its candidate goes live, or is kept without going live; the files first, the rows last."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from doodle_db.artifacts import ArtifactStore
from doodle_db.errors import DeploymentPinnedError, LiveModelChangedError
from doodle_db.manifest import Manifest
from doodle_db.model_registry import deploy, get_live, register_version
from doodle_db.new_doodles import MAX_NEW
from doodle_db.pins import Pin, hold_pin
from doodle_db.runs import finish_run
from training_server.claims import ClaimedRun, hold
from training_server.clock import read_time


@dataclass(frozen=True)
class Conclusion:
    """
    What a run came to.

    Attributes:
        verdict: as runs keep it: outcome, summary, checks.
        metrics: of candidate and live, by holdout.
        compared_with: the version that was live when the verdict was made; None if nothing was compared.
    """

    verdict: Mapping[str, Any]
    metrics: Mapping[str, Any]
    compared_with: str | None

    @property
    def is_published(self) -> bool:
        """Tell whether the candidate is to go live."""
        return bool(self.verdict["outcome"] == "published")

    @property
    def is_held_back(self) -> bool:
        """Tell whether the candidate has passed, and is not to go live by itself."""
        return bool(self.verdict["outcome"] == "passed")


def hold_back(conclusion: Conclusion, pin: Pin | None) -> Conclusion:
    """
    Let a candidate that has passed wait for an operator while automatic deployment is paused.

    Args:
        conclusion: as the gate has it.
        pin: by which it is paused; None: it is not.
    """
    if pin is None or not conclusion.is_published:
        return conclusion
    found = str(conclusion.verdict["summary"]).removeprefix("Published: ")
    words = f"Passed, not deployed: {pin.actor} has paused automatic deployment ({pin.reason}). {found}"
    return replace(conclusion, verdict={**conclusion.verdict, "outcome": "passed", "summary": words})


def tell_too_old(conclusion: Conclusion, run: ClaimedRun) -> Conclusion:
    """
    Let a verdict's summary say that more was new than a run looks at, if it was.

    >>> from uuid import UUID
    >>> from doodle_db.new_doodles import Recorded
    >>> run = ClaimedRun(UUID(int=1), "worker", 1, {}, "0" * 12, 5, 9, last_too_old=Recorded(7, UUID(int=2)))
    >>> tell_too_old(Conclusion({"summary": "Rejected."}, {}, None), run).verdict["summary"]
    'Rejected. Of the new doodles only the newest 20,000 were looked at; older ones are not new any more.'
    """
    if run.last_too_old is None:
        return conclusion
    words = f"Of the new doodles only the newest {MAX_NEW:,} were looked at; older ones are not new any more."
    return replace(conclusion, verdict={**conclusion.verdict, "summary": f"{conclusion.verdict['summary']} {words}"})


def store_candidate(store: ArtifactStore, folder: Path, manifest: Manifest) -> Manifest:
    """
    Put a candidate's files into the artifact store; nobody looks at them before its row is there.

    Returns:
        The manifest as stored. If the very same weights were stored before, it is that version's first one.
    """
    store.store_version(folder, manifest)
    return store.read_manifest(manifest.version)


def conclude(connection: Connection, run: ClaimedRun, candidate: Manifest | None, conclusion: Conclusion) -> None:
    """
    Write a run's end: its version, its deployment if it is published, and its verdict; all of it or nothing.

    A rejected candidate is registered, too: an operator who disagrees with the verdict can deploy it by hand. So is one
    that has passed while automatic deployment is paused.

    Args:
        connection: with an open transaction, rolled back by the caller on any error.
        run: as it was claimed.
        candidate: stored already; None if there was nothing to train on.
        conclusion: what the run came to.

    Raises:
        LiveModelChangedError: something else than what the verdict compared with is live by now.
        DeploymentPinnedError: automatic deployment is paused by now, and the verdict does not know.
        RunInterrupted: the run is not this worker's any more, or nobody wants it.
    """
    hold(connection, run)
    if candidate is not None:
        register_version(connection, candidate, watermark=run.learnt_to)
        _require_same_standing(connection, conclusion)
    if candidate is not None and conclusion.is_published:
        deploy(
            connection,
            candidate.version,
            kind="publish",
            actor=f"run {run.key}",
            reason=str(conclusion.verdict["summary"])[:MAX_REASON_CHARACTERS],
            expected_live=conclusion.compared_with,
        )
    finish_run(
        connection,
        run.key,
        now=read_time(connection),
        verdict=conclusion.verdict,
        metrics=conclusion.metrics,
        candidate_version=candidate.version if candidate else None,
    )


def _require_same_standing(connection: Connection, conclusion: Conclusion) -> None:
    """Make sure that a candidate which has passed did so against what is live, with the pin as it is, until the end."""
    if not (conclusion.is_published or conclusion.is_held_back):
        return
    pin, live = hold_pin(connection), get_live(connection).version
    if conclusion.is_published and pin is not None:
        raise DeploymentPinnedError
    if live != conclusion.compared_with:
        raise LiveModelChangedError(f"{live} is live, not {conclusion.compared_with}.", field="expected_live")


MAX_REASON_CHARACTERS = 500
"""What deployments.reason holds."""
