"""How a run ends: its candidate goes live, or is kept without going live; the files first, the rows last."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from doodle_db.artifacts import ArtifactStore
from doodle_db.manifest import Manifest
from doodle_db.model_registry import deploy, register_version
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

    A rejected candidate is registered, too: an operator who disagrees with the verdict can deploy it by hand.

    Args:
        connection: with an open transaction, rolled back by the caller on any error.
        run: as it was claimed.
        candidate: stored already; None if there was nothing to train on.
        conclusion: what the run came to.

    Raises:
        LiveModelChangedError: something else than what the verdict compared with is live by now.
        RunInterrupted: the run is not this worker's any more, or nobody wants it.
    """
    hold(connection, run)
    if candidate is not None:
        register_version(connection, candidate, watermark=run.watermark_to)
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


MAX_REASON_CHARACTERS = 500
"""What deployments.reason holds."""
