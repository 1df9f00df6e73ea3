"""What an operator's page has to show, put there without a training: a run's report, drawings it has left out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, create_engine, select

from doodle_db.doodles import Doodle
from doodle_db.run_reports import save_report
from doodle_db.runs import claim_run, end_run, queue_delta_run
from doodle_db.screenings import LookedAt, Reason, ScreenedOut, Screener, apply_screening
from doodle_db.tables import doodles
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import post_all
from doodle_testing.stack import Stack, running_stack

SAMPLE = Path(__file__).with_name("report.json")
WORKER = "somewhere-else"
SCREENER_VERSION = 1

NUM_LEFT_OUT = 150
"""More than two pages."""

REASONS: tuple[Reason, ...] = ("label", "label", "unknown", "label", "contributor")


def leave_report(engine: Engine) -> dict[str, Any]:
    """
    Leave a run that has ended, with the sample report.

    Returns:
        The report as it is stored.
    """
    now = datetime.now(UTC)
    with engine.begin() as connection:
        # Queued and over in one transaction: no worker sees that it waits.
        key = queue_delta_run(connection, uuid4(), trigger="operator", requested_by="ada").key
        claim_run(connection, key, worker=WORKER, now=now)
        report = {**json.loads(SAMPLE.read_bytes()), "run": str(key)}
        assert save_report(connection, key, WORKER, 1, report)
        end_run(connection, key, "failed", now=now, error="Only its report is wanted.")
    return report


def mislabel(drawn: list[Doodle], label_names: tuple[str, ...]) -> list[Doodle]:
    """Give those that are to be left out as mislabelled the label that follows their own."""
    wrong = dict(zip(label_names, (*label_names[1:], label_names[0]), strict=True))
    return [
        replace(each, label=wrong[each.label]) if reason == "label" else each
        for each, reason in zip(drawn, cycle(REASONS), strict=False)
    ]


def screen_out(engine: Engine, run: UUID, drawn: list[Doodle], shows: list[str]) -> None:
    """
    Leave out doodles that are stored already, for one reason after the other, as a run does.

    Args:
        engine: of the database.
        run: in whose name.
        drawn: the doodles.
        shows: what each shows.
    """
    decided = [_decide(each, truth, reason) for each, truth, reason in zip(drawn, shows, cycle(REASONS), strict=False)]
    with engine.begin() as connection:
        seen = _look_at(connection, [each.id for each in drawn])
        screener = Screener(run, SCREENER_VERSION, datetime.now(UTC))
        assert apply_screening(connection, screener, seen, decided) == len(drawn)


def _look_at(connection: Connection, ids: list[UUID]) -> list[LookedAt]:
    found = select(doodles.c.id, doodles.c.created_at, doodles.c.recorded_xid).where(doodles.c.id.in_(ids))
    return [LookedAt(*row) for row in connection.execute(found)]


def _decide(doodle: Doodle, truth: str, reason: Reason) -> ScreenedOut:
    said = ScreenedOut(doodle.id, "quarantined", reason, "Looks like none of the labels.", {"energy": -2.5})
    if reason == "label":
        words = f"Looks like a {truth} (97 %), not like a {doodle.label} (1 %)."
        numbers = {"label_share": 0.01, "suggestion_share": 0.97, "label_threshold": 0.82}
        return replace(said, words=words, numbers=numbers, suggestion=truth)
    if reason == "contributor":
        return replace(said, words="31 of 40 drawings look mislabelled.", numbers={"num_mislabelled": 31})
    return said


@dataclass
class SeededConsole:
    """
    A stack, and what was put there.

    Attributes:
        stack: runs; no worker has anything to do.
        report: of the one run.
    """

    stack: Stack
    report: dict[str, Any]

    def list_reviews(self, state: str = "open") -> dict[str, Any]:
        """Ask what the server says."""
        with self.stack.operator as client:
            return dict(client.get("/api/v1/reviews", params={"state": state, "limit": 100}).json())

    def forget_decisions(self) -> None:
        """Take back whatever was decided."""
        while decided := self.list_reviews("reviewed")["reviews"]:
            order = {"ids": [each["id"] for each in decided], "action": "undo", "reason": "The test is over."}
            with self.stack.operator as client:
                assert client.post("/api/v1/reviews", json=order).status_code == 200

    def num_waiting(self) -> int:
        """Count what waits for a review."""
        return sum(self.list_reviews()["counts"].values())


@contextmanager
def running_console(home: Path) -> Iterator[SeededConsole]:
    """
    Run an installation in which there is a run with its report, and drawings that were left out.

    Args:
        home: its data.
    """
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="100000") as stack:
        honest = generate_doodles(LABEL_SET, NUM_LEFT_OUT, Random(11))
        drawn = mislabel(honest, LABEL_SET.names)
        post_all(stack, drawn)
        engine = create_engine(stack.database_url)
        report = leave_report(engine)
        screen_out(engine, UUID(report["run"]), drawn, [each.label for each in honest])
        engine.dispose()
        yield SeededConsole(stack, report)
