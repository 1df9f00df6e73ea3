"""Everything a backup has to keep, in a form that can be compared; and an installation that has some of all of it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, insert, select, update

from doodle_db.artifacts import ArtifactStore
from doodle_db.deletions import delete_version
from doodle_db.doodles import correct_label, store_doodles
from doodle_db.drift import write_check
from doodle_db.label_sets import Label
from doodle_db.labels import add_label
from doodle_db.model_registry import deploy, register_version
from doodle_db.pins import set_pin
from doodle_db.run_log import LogLine, write_log
from doodle_db.run_orders import RunOrder, enter_run
from doodle_db.run_progress import Point, record_epoch, record_points
from doodle_db.run_reports import save_report
from doodle_db.runs import beat, claim_run, end_run, finish_run, queue_delta_run, record_plan
from doodle_db.searches import SearchOrder, add_search
from doodle_db.tables import (
    deletions,
    deployments,
    doodles,
    drift_checks,
    labels,
    models,
    pins,
    reviews,
    run_log,
    run_metrics,
    run_points,
    run_reports,
    runs,
    screenings,
    searches,
)
from doodle_db.watermark import read_horizon
from doodle_testing.builders import LABEL_SET, SOMEBODY, SOMEBODY_ELSE, doodle, ids_of_split, manifest
from doodle_testing.drift_checks import drift_check
from doodle_testing.staged_versions import build_version

FIRST_VERSION, SECOND_VERSION, DELETED_VERSION = "0123456789ab", "ba9876543210", "dddddddddddd"
FINISHED, RUNNING, TRIAL = UUID(int=1), UUID(int=2), UUID(int=3)
SEARCH = UUID(int=4)
TRAIN = ids_of_split("train", 9)
MOVED = {"recorded_xid", "watermark_from", "watermark_to", "watermark"}
"""Numbers that are of one cluster."""


def fill_installation(engine: Engine, store: ArtifactStore, folder: Path, now: datetime) -> None:
    """
    Let some of everything happen: two versions and a deleted one, a run that finished and one under way, doodles.

    Args:
        engine: of an empty, migrated database.
        store: for versions.
        folder: empty.
        now: the time.
    """
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each, ink=10 + index) for index, each in enumerate(TRAIN[:4])])
        store_doodles(connection, [doodle(each, "dog", contributor=None) for each in ids_of_split("test", 3)])
    _add_version(engine, store, folder / "first", FIRST_VERSION, weights=b"first" * 100)
    with engine.begin() as connection:
        deploy(
            connection, FIRST_VERSION, kind="publish", actor="installation", reason="first start", expected_live=None
        )
    _train(engine, store, folder / "second", now)
    with engine.begin() as connection:
        store_doodles(connection, [doodle(TRAIN[4], contributor=SOMEBODY_ELSE), doodle(TRAIN[5])])
        correct_label(connection, TRAIN[0], "rabbit", SOMEBODY)
        aside = {"status": "quarantined", "status_reason": "looks\tlike\nnothing \\ \N{CAT}"}
        connection.execute(update(doodles).where(doodles.c.id == TRAIN[1]).values(aside))
        _screen_out(connection, TRAIN[1], now)
    _start_run(engine, RUNNING, now)
    with engine.begin() as connection:
        store_doodles(connection, [doodle(TRAIN[6]), doodle(TRAIN[7])])
        add_label(connection, LABEL_SET, Label("mouse", "a mouse", "🐭"), actor="ada")
        register_version(connection, manifest(DELETED_VERSION))
        delete_version(connection, DELETED_VERSION, actor="ada", reason="Never\\wanted.")
        set_pin(connection, True, actor="ada", reason="A fair.")
        write_check(connection, drift_check(now, drawn_now=(TRAIN[0],)))
        _search(connection, now)


def _screen_out(connection: Connection, doodle_id: UUID, now: datetime) -> None:
    """Let a run have screened a doodle out, and an operator have decided about it."""
    created_at = connection.execute(select(doodles.c.created_at).where(doodles.c.id == doodle_id)).scalar_one()
    before = {"label_before": "cat", "status_before": "quarantined"}
    row = {"doodle": doodle_id, "action": "reject", **before, "label": "cat", "status": "rejected"}
    decided = (
        insert(reviews).values(**row, operator="ada", reason="no\\cat", reviewed_at=now).returning(reviews.c.review)
    )
    number = connection.execute(decided).scalar_one()
    why = {"outcome": "quarantined", "reason": "label", "words": "Looks like a dog.", "numbers": {"label_share": 1 / 3}}
    found = {"run": FINISHED, "screener": 1, "screened_at": now, "review": number, "suggestion": None}
    connection.execute(insert(screenings).values(doodle=doodle_id, created_at=created_at, **why, **found))


def _search(connection: Connection, now: datetime) -> None:
    """Let a search be ordered, of one trial, and the trial be cancelled."""
    add_search(connection, SEARCH, SearchOrder("grid", {"EPOCHS": 1}, "ada", reason="\u00e9\t\\"))
    told = {"network_args": {}, "train_args": {}, "params": {"EPOCHS": 1}}
    trial = RunOrder("operator", "ada", arguments=told, kind="trial", dataset="all", search=SEARCH, trial=1)
    enter_run(connection, TRIAL, trial)
    end_run(connection, TRIAL, "cancelled", now=now)


def _add_version(engine: Engine, store: ArtifactStore, folder: Path, version: str, weights: bytes) -> None:
    made = build_version(folder, weights, version=version)
    store.store_version(folder, made)
    with engine.begin() as connection:
        register_version(connection, made)


def _train(engine: Engine, store: ArtifactStore, folder: Path, now: datetime) -> None:
    horizon = _start_run(engine, FINISHED, now)
    _add_version(engine, store, folder, SECOND_VERSION, weights=b"second" * 100)
    verdict = {"outcome": "published", "summary": "Better.", "checks": []}
    with engine.begin() as connection:
        connection.execute(
            update(models).where(models.c.version == SECOND_VERSION).values(watermark=horizon, run=FINISHED)
        )
        numbers = {"loss": 0.1, "accuracy": 1 / 3, "validation_loss": None, "validation_accuracy": None, "seconds": 2.5}
        record_epoch(connection, FINISHED, 1, numbers)
        record_points(connection, FINISHED, [Point(1, 0, 0.25, 1 / 3, 0.001)])
        write_log(connection, FINISHED, [LogLine(now, "info", "run_claimed", {"words": "\u00e9\t\\"})])
        assert save_report(connection, FINISHED, "worker-1", 1, {"stage": "judged", "bitmap": "\u00e9\t\\"})
        finish_run(connection, FINISHED, now=now, verdict=verdict, metrics={}, candidate_version=SECOND_VERSION)
        deploy(
            connection,
            SECOND_VERSION,
            kind="publish",
            actor=f"run {FINISHED}",
            reason="Better.",
            expected_live=FIRST_VERSION,
        )


def _start_run(engine: Engine, key: UUID, now: datetime) -> int:
    """Let a worker claim a run, which looks at what is new; give up to where."""
    with engine.begin() as connection:
        queue_delta_run(connection, key, trigger="doodles", requested_by="trigger")
        assert claim_run(connection, key, worker="worker-1", now=now - timedelta(minutes=5)) == "claimed"
        horizon = read_horizon(connection)
        record_plan(connection, key, parent_version=FIRST_VERSION, watermark_from=0, watermark_to=horizon)
        beat(connection, key, now - timedelta(minutes=5))
    return horizon


_KEPT = (
    doodles,
    runs,
    run_log,
    run_metrics,
    run_points,
    run_reports,
    searches,
    models,
    deployments,
    pins,
    deletions,
    labels,
    reviews,
    screenings,
    drift_checks,
)


def read_kept(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Read every row that must come back as it was, but for numbers that are of one cluster."""
    return {
        table.name: [
            {name: value for name, value in row._mapping.items() if name not in MOVED}
            for row in connection.execute(select(table).order_by(*table.primary_key.columns))
        ]
        for table in _KEPT
    }
