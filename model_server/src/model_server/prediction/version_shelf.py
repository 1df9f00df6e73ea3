"""The versions that are ready to be asked: the live one always, and a few others."""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from threading import Lock
from time import perf_counter

from gevent.event import Event
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.errors import DoodleError, ManifestError, UnknownVersionError
from doodle_db.manifest import Manifest
from doodle_db.model_registry import get_live, get_manifest
from doodle_web.json_logs import log_event
from model_server.prediction.errors import NoStoreError, VersionUnusableError
from model_server.prediction.ready_version import ReadyVersion, prepare
from model_server.version_files import VersionFiles, aside

logger = logging.getLogger(__name__)

MAX_KEPT = 4
"""Per process, some 3 MB each: what is live, what was before it, and two that somebody compares."""

NUM_QUEUES = 8

LONGEST_PAUSE_SECONDS = 60.0


class VersionShelf:
    """
    Keeps versions ready to be asked. The contract:

    * Nobody waits for a switch: the version that was live is asked until the next has been loaded and has passed its
      self-check. One that cannot be made ready is tried again and again, and the old one stays.
    * Only registered versions are loaded, from files that are what their manifests say.
    * Of those who want the same version at once one loads it, and the others wait for it.
    * At most `max_kept` are kept, and the live one is never let go of.

    Any number of greenlets may use it; each process has its own.
    """

    def __init__(
        self,
        engine: Engine,
        files: VersionFiles,
        count_load: Callable[[str], None] = lambda _: None,
        max_kept: int = MAX_KEPT,
    ) -> None:
        """
        Args:
            engine: the database.
            files: where versions come from.
            count_load: is told of each attempt whether it was `loaded` or `failed`.
            max_kept: how many versions stay ready.
        """
        self._engine, self._files = engine, files
        self._count_load, self._max_kept = count_load, max_kept
        self._live: ReadyVersion | None = None
        self._wanted: str | None = None
        self._has_news = Event()
        self._told_failure: tuple[str, str] | None = None
        self._kept: OrderedDict[str, ReadyVersion] = OrderedDict()
        self._keeping = Lock()
        self._queues = [Lock() for _ in range(NUM_QUEUES)]

    @property
    def is_behind(self) -> bool:
        """Whether another version is asked than the live one, or none, although something is live."""
        return self._wanted is not None and (self._live is None or self._live.version != self._wanted)

    def get(self, version: str | None = None) -> ReadyVersion:
        """
        Give a version to be asked.

        Args:
            version: its name; None: the live one, or while that is being made ready, the one before it.

        Raises:
            UnknownVersionError: it is not registered, or was deleted.
            NoLiveModelError: nothing is live.
            ArtifactError: it cannot be used; its files may be gone.
            ArtifactStoreError: the store cannot be reached now.
            NoStoreError: there is none.
        """
        live = self._live
        if live is not None and version in {None, live.version}:
            return live
        with self._engine.connect() as connection:
            manifest = get_manifest(connection, version or get_live(connection).version)
        ready = self._make_ready(manifest)
        if version is None and self._live is None:
            self._live = ready
        return ready

    def follow(self, version: str) -> None:
        """Take note of what is live now; returns at once. Without a store there is nothing to be made ready."""
        if version != self._wanted and self._files.has_store:
            self._wanted = version
            self._has_news.set()

    def run(self) -> None:
        """Make ready what goes live, for as long as the process lives."""
        while True:
            # Before the first wait, too: a fault that ended the loop, which is run again then, took its news along.
            for pause in retry_seconds():
                self._has_news.clear()
                if self.switch() or self._has_news.wait(timeout=pause):
                    break
            self._has_news.wait()

    def switch(self) -> bool:
        """
        Make the live version ready, then ask it from now on.

        Returns:
            Whether there is nothing left to be done; a failure is logged, once for each reason, and counted.
        """
        wanted, began = self._wanted, perf_counter()
        if wanted is None or (self._live is not None and self._live.version == wanted):
            return True
        try:
            with self._engine.connect() as connection:
                manifest = get_manifest(connection, wanted)
            self._live = self._make_ready(manifest)
        except (DoodleError, SQLAlchemyError) as failure:
            self._report(wanted, failure)
            return False
        self._told_failure = None
        log_event(logger, logging.INFO, "version_ready", version=wanted, seconds=round(perf_counter() - began, 3))
        return True

    def _make_ready(self, manifest: Manifest) -> ReadyVersion:
        if not self._files.has_store:
            raise NoStoreError
        with self._queue_of(manifest.version):
            ready = self._kept.get(manifest.version) or self._load(manifest)
            self._keep(ready)
            return ready

    def _queue_of(self, version: str) -> Lock:
        return self._queues[hashlib.sha256(version.encode()).digest()[0] % NUM_QUEUES]

    def _load(self, manifest: Manifest) -> ReadyVersion:
        try:
            ready = self._fetch(manifest)
        except (DoodleError, SQLAlchemyError):
            self._count_load("failed")
            raise
        self._count_load("loaded")
        return ready

    def _fetch(self, manifest: Manifest) -> ReadyVersion:
        try:
            content = self._files.read(manifest.version, manifest.file_of("onnx").path).content
        except (UnknownVersionError, ManifestError) as missing:
            raise VersionUnusableError(f"Version {manifest.version} has no ONNX file: {missing}") from missing
        return aside(lambda: prepare(manifest, content))

    def _keep(self, ready: ReadyVersion) -> None:
        with self._keeping:
            self._kept[ready.version] = ready
            self._kept.move_to_end(ready.version)
            while len(self._kept) > self._max_kept:
                self._kept.popitem(last=False)

    def _report(self, version: str, failure: Exception) -> None:
        # Of the database's errors the class only: the message repeats the statement.
        reason = type(failure).__name__ if isinstance(failure, SQLAlchemyError) else str(failure)
        if (version, reason) != self._told_failure:
            self._told_failure = (version, reason)
            kept = self._live.version if self._live else None
            log_event(logger, logging.ERROR, "version_not_ready", version=version, kept=kept, reason=reason)


def retry_seconds() -> Iterator[float]:
    """
    Give the pauses before each new try: a store may be back in a moment, a broken file is mended by somebody.

    >>> from itertools import islice
    >>> list(islice(retry_seconds(), 8))
    [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    """
    pause = 1.0
    while True:
        yield min(pause, LONGEST_PAUSE_SECONDS)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
