"""Screening as a step of a run: read what it would learn from, decide, and write down what is not used and why."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.label_sets import LabelSet
from doodle_db.labels import read_label_set
from doodle_db.model_registry import get_manifest
from doodle_db.runs import record_plan
from doodle_db.screening_sets import ScreenedDoodles, select_trusted, select_unscreened
from doodle_db.screenings import ScreenedOut, Screener, apply_screening
from doodle_db.training_sets import LabelledBitmaps
from training_server.claims import ClaimedRun, hold
from training_server.clock import read_time
from training_server.live_view import NUM_TRUSTED_PER_LABEL, LiveView, screen_by
from training_server.material import NUM_RECENT
from training_server.parents import load_network
from training_server.publish import Conclusion
from training_server.report_format import Report
from training_server.screening import SCREENER, Screening, ScreeningPolicy, describe_counts


@dataclass(frozen=True)
class Suspects:
    """
    What a screening reads.

    Attributes:
        label_set: whose labels the rows are of.
        new: the doodles to decide about.
        trusted: drawings to compare them with.
    """

    label_set: LabelSet
    new: ScreenedDoodles
    trusted: LabelledBitmaps


@dataclass(frozen=True)
class Screened:
    """
    What was decided about everything that was read.

    Attributes:
        suspects: what was read.
        screening: a decision a row for those that are not used.
    """

    suspects: Suspects
    screening: Screening

    def as_json(self) -> dict[str, Any]:
        """Give what is kept with the run: the numbers, and the same in words."""
        counts = self.screening.count()
        words = describe_counts(counts, self.screening.num_doodles)
        return {"words": words, "num_doodles": self.screening.num_doodles, "counts": counts}


def screen_doodles(
    engine: Engine, store: ArtifactStore, shipped: LabelSet, run: ClaimedRun, folder: Path, policy: ScreeningPolicy
) -> Screened:
    """
    Screen what a run would learn from and be judged on, and write down what is not used; doing so again is harmless.

    Args:
        engine: of the database.
        store: of the versions' files.
        shipped: the label set as its file has it.
        run: as it was claimed.
        folder: for a temporary copy of the live version's weights.
        policy: the limits.

    Raises:
        RunInterrupted: the run is not this worker's any more, or nobody wants it.
    """
    with engine.execution_options(isolation_level="REPEATABLE READ").begin() as connection:
        manifest = get_manifest(connection, run.live_version)
        suspects = read_suspects(connection, read_label_set(connection, shipped), run)
    if len(suspects.new):
        live = LiveView(load_network(store, manifest, folder), tuple(manifest.label_names), manifest.rejection)
        screening = screen_by(live, suspects.new, suspects.trusted, suspects.label_set.names, policy)
    else:
        screening = Screening({}, 0)
    screened = Screened(suspects, screening)
    with engine.begin() as connection:
        write_decisions(connection, run, screened)
    return screened


def tell_screening(conclusion: Conclusion, screened: Screened) -> Conclusion:
    """
    Let a verdict's summary say what was screened out, if anything was.

    Where nothing else was checked, because nothing was left to train on, that is the check that failed.
    """
    if not screened.screening.decisions:
        return conclusion
    verdict, told = conclusion.verdict, screened.as_json()
    check = {"name": "screening", "passed": False, "words": told["words"], "numbers": told["counts"]}
    added = {"summary": f"{verdict['summary']} {told['words']}", "checks": verdict["checks"] or [check]}
    return replace(conclusion, verdict={**verdict, **added})


def add_screening(report: Report, screened: Screened) -> Report:
    """Report what was screened out before a run read."""
    return report.model_copy(update={"screening": screened.as_json()})


def read_suspects(connection: Connection, label_set: LabelSet, run: ClaimedRun) -> Suspects:
    """
    Read what a run would learn from and be judged on, and what to compare it with.

    Args:
        connection: in one transaction of its own, REPEATABLE READ.
        label_set: which labels and shape.
        run: its watermarks say what is new.
    """
    watermarks = run.watermark_from, run.watermark_to
    new = select_unscreened(connection, label_set, *watermarks, NUM_RECENT, run.last_too_old)
    trusted = select_trusted(connection, label_set, run.watermark_from, NUM_TRUSTED_PER_LABEL if len(new) else 0)
    return Suspects(label_set, new, trusted)


def write_decisions(connection: Connection, run: ClaimedRun, screened: Screened) -> None:
    """
    Write what was decided, with the run it was decided for; all of it or nothing.

    Args:
        connection: with an open transaction.
        run: as it was claimed.
        screened: what was decided.

    Raises:
        RunInterrupted: the run is not this worker's any more, or nobody wants it.
    """
    names, seen = screened.suspects.label_set.names, screened.suspects.new.seen
    out = [
        ScreenedOut(
            doodle=seen[row].doodle,
            outcome=decision.outcome,
            reason=decision.reason,
            words=decision.words,
            numbers=decision.numbers,
            suggestion=None if decision.suggestion is None else names[decision.suggestion],
        )
        for row, decision in screened.screening.decisions.items()
    ]
    unreviewed = [
        each for each, is_reviewed in zip(seen, screened.suspects.new.is_reviewed, strict=True) if not is_reviewed
    ]
    apply_screening(connection, Screener(run.key, SCREENER, read_time(connection)), unreviewed, out)
    # Last, for heartbeats wait meanwhile; if the run is not ours any more, nothing of the above is kept.
    hold(connection, run)
    record_plan(connection, run.key, screening=screened.as_json())
