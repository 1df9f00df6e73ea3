"""
The worker's watch on drift: now and then, when enough new drawings have come in, one of the workers looks.

Nobody waits for it: it reads a bounded number of drawings in one short transaction, computes for a second or less on
one processor, and writes one row. A worker that is killed meanwhile leaves nothing behind but the lock, which ends with
its session.
"""

import logging
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection, Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.drift import DriftCheck, list_checks, release_drift_lock, try_drift_lock, write_check
from doodle_db.drift_samples import Drawings, is_much_new, read_drawings
from doodle_db.errors import DoodleError
from doodle_db.label_sets import LabelSet
from doodle_db.model_registry import find_live, get_manifest
from doodle_web.json_logs import log_event
from training_server.clock import read_time
from training_server.drift_check import check_drawings, next_state
from training_server.drift_view import VersionView

log = logging.getLogger(__name__)

NUM_NEW = 50
"""A tenth of a full present: two checks in a row are to agree on a finding, so the second must have seen more."""


class DriftWatch:
    """Looks for drift, when it is time. Not for several threads at once; several workers may."""

    def __init__(self, engine: Engine, store: ArtifactStore, label_set: LabelSet, seconds: float) -> None:
        """
        Args:
            engine: of the database.
            store: of the versions' files.
            label_set: as its file has it.
            seconds: how long after a look the next one may be; 0: never is one.
        """
        self._engine, self._store, self._label_set = engine, store, label_set
        self._pause = timedelta(seconds=seconds)
        self._kept: tuple[str, VersionView] | None = None

    def turn(self) -> bool:
        """
        Look, if it is time and nobody else does.

        Returns:
            Whether something was written down.
        """
        if not self._pause:
            return False
        with self._engine.connect() as connection:
            if not self._is_due(connection):
                return False
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
            if not try_drift_lock(guard):
                return False
            try:
                return self._look()
            finally:
                release_drift_lock(guard)

    def _is_due(self, connection: Connection) -> bool:
        latest = next(iter(list_checks(connection, at_most=1)), None)
        return latest is None or (
            is_due(latest, read_time(connection), self._pause) and is_much_new(connection, latest.present_to, NUM_NEW)
        )

    def _look(self) -> bool:
        with self._engine.execution_options(isolation_level="REPEATABLE READ").begin() as connection:
            # Another worker may have looked while the lock was waited for.
            drawings = read_drawings(connection, self._label_set) if self._is_due(connection) else None
            before = list_checks(connection, at_most=1)
            live = find_live(connection)
        if drawings is None:
            return False
        view = self._find_view(live.version) if live else None
        found = check_drawings(drawings, view, np.random.default_rng(seed_of(drawings)))
        with self._engine.begin() as connection:
            check = DriftCheck(
                state=next_state(before[0].state, found.finding, before[0].finding) if before else "steady",
                finding=found.finding,
                version=live.version if live and view else None,
                num_present=drawings.num_present,
                num_reference=len(drawings.ids) - drawings.num_present,
                present_from=drawings.times[0],
                present_to=drawings.times[drawings.num_present - 1],
                reference_from=drawings.times[drawings.num_present],
                reference_to=drawings.times[-1],
                measures=found.measures,
                pictures=found.pictures,
                created_at=read_time(connection),
            )
            write_check(connection, check)
        log_event(log, logging.INFO, "drift_checked", state=check.state, finding=check.finding)
        return True

    def _find_view(self, version: str) -> VersionView | None:
        """Find how a version looks at drawings; None if its files are not to be had: the other measures are."""
        if self._kept is None or self._kept[0] != version:
            try:
                with self._engine.connect() as connection:
                    manifest = get_manifest(connection, version)
                content = self._store.read_file(manifest, manifest.file_of("onnx").path)
                self._kept = version, VersionView(content)
            except DoodleError as missing:
                log_event(log, logging.WARNING, "drift_without_version", version=version, words=str(missing))
                return None
        return self._kept[1]


def is_due(latest: DriftCheck, now: datetime, pause: timedelta) -> bool:
    """
    Tell whether the latest check was long enough ago.

    Args:
        latest: the newest one.
        now: the time.
        pause: how long it must be ago.
    """
    return now - latest.created_at >= pause


def seed_of(drawings: Drawings) -> int:
    """Give the seed of a check: the same drawings are always judged alike."""
    return drawings.ids[drawings.num_present - 1].int
