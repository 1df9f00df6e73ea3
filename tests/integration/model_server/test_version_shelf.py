"""The versions that are kept ready: what is live always, others for a while, and nothing that is broken."""

import json
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent
import pytest
from sqlalchemy import Engine, create_engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.errors import UnknownVersionError
from doodle_db.manifest import Manifest
from doodle_db.model_registry import register_version
from doodle_testing.builders import manifest
from doodle_testing.model_server import deploy_version
from doodle_testing.paper_networks import store_paper_version
from model_server import background
from model_server.prediction.errors import NoStoreError, VersionUnusableError
from model_server.prediction.ready_version import ReadyVersion
from model_server.prediction.version_shelf import VersionShelf
from model_server.version_files import VersionFiles

VERSIONS = [str(digit) * 12 for digit in range(6)]
FIRST, SECOND, THIRD = VERSIONS[:3]


@dataclass
class Site:
    """A registry and a store with six versions; the first is live."""

    engine: Engine
    store: ArtifactStore
    loads: Counter[str] = field(default_factory=Counter)

    def make_shelf(self, max_kept: int = 4) -> VersionShelf:
        def count(outcome: str) -> None:
            self.loads[outcome] += 1

        return VersionShelf(self.engine, VersionFiles(self.engine, self.store), count, max_kept)

    def file_of(self, version: str) -> Path:
        return Path(self.store.url) / "versions" / version / "model.onnx"


@pytest.fixture(scope="module")
def made(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url, folder = postgres.create_database("migrated"), tmp_path_factory.mktemp("shelf")
    engine, store = connect_to(url), ArtifactStore(str(folder / "artifacts"))
    for version in VERSIONS:
        store_paper_version(engine, store, version, "cat", folder)
    deploy_version(engine, FIRST, None)
    yield Site(engine, store)
    engine.dispose()
    postgres.drop_database(url)


@pytest.fixture
def site(made: Site) -> Site:
    return Site(made.engine, made.store)


def test_what_is_live_is_found_without_having_been_told(site: Site) -> None:
    """A process that has just started answers its first question; the second one costs nothing."""
    shelf = site.make_shelf()

    assert [shelf.get().version, shelf.get().version, shelf.get(FIRST).version] == [FIRST] * 3
    assert site.loads == {"loaded": 1}


def test_few_are_kept_and_the_live_one_always(site: Site) -> None:
    """The one not asked for the longest goes first; what is live is never loaded twice."""
    shelf = site.make_shelf(max_kept=2)
    shelf.follow(FIRST)
    assert shelf.switch()

    for version in (*VERSIONS[1:], VERSIONS[5], FIRST):
        assert shelf.get(version).version == version

    assert site.loads == {"loaded": 6}
    assert shelf.get(SECOND).version == SECOND
    assert site.loads == {"loaded": 7}


@pytest.mark.parametrize("accident", ["changed", "away"])
def test_the_old_one_stays_until_the_new_one_is_ready(
    site: Site, accident: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken or missing file: nobody is without a version, the log says it once, and mending it is enough."""
    shelf, file = site.make_shelf(), site.file_of(SECOND)
    shelf.follow(FIRST)
    assert shelf.switch()
    content = file.read_bytes()
    if accident == "changed":
        file.write_bytes(content[:-1] + b"?")
    else:
        file.unlink()

    try:
        shelf.follow(SECOND)
        with caplog.at_level(logging.ERROR):
            outcomes = [shelf.switch(), shelf.switch()]
        during = (shelf.get().version, shelf.is_behind)
    finally:
        file.write_bytes(content)
    mended = shelf.switch()

    assert (outcomes, during) == ([False, False], (FIRST, True))
    assert [record.getMessage() for record in caplog.records] == ["version_not_ready"]
    assert (mended, shelf.get().version, shelf.is_behind) == (True, SECOND, False)
    assert site.loads == {"loaded": 2, "failed": 2}


def test_going_back_loads_nothing(site: Site) -> None:
    """What was live a moment ago is still there: a rollback is immediate."""
    shelf = site.make_shelf()
    for version in (FIRST, SECOND, FIRST):
        shelf.follow(version)
        assert shelf.switch()

    assert (shelf.get().version, site.loads) == (FIRST, {"loaded": 2})


def test_what_is_not_registered_is_not_loaded(site: Site) -> None:
    """However it lies in the store."""
    with pytest.raises(UnknownVersionError):
        site.make_shelf().get("f" * 12)

    assert site.loads == {}


def test_a_version_without_an_onnx_file_is_unusable(site: Site) -> None:
    """It is registered, so it is not unknown; but nobody can ask it."""
    version = "a" * 12
    with site.engine.begin() as connection:
        register_version(connection, manifest(version))

    with pytest.raises(VersionUnusableError, match="no ONNX file"):
        site.make_shelf().get(version)


def test_without_a_store_nothing_is_ready(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Where only nginx reads versions: whoever asks is told so, and it is no fault to alarm anybody with."""
    shelf = VersionShelf(site.engine, VersionFiles(site.engine, None))
    shelf.follow(FIRST)

    with pytest.raises(NoStoreError):
        shelf.get()

    assert (shelf.switch(), shelf.is_behind, caplog.records) == (True, False, [])


def test_an_outage_of_the_database_takes_nothing_away(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """What is ready stays ready; what went live meanwhile comes when the database is back."""
    shelf = site.make_shelf()
    shelf.follow(FIRST)
    assert shelf.switch()
    shelf._engine = create_engine("postgresql+psycopg2://doodle@127.0.0.1:1/none")

    shelf.follow(SECOND)
    is_done = shelf.switch()

    assert (is_done, shelf.get().version, shelf.is_behind) == (False, FIRST, True)
    (record,) = caplog.records
    assert "127.0.0.1" not in json.dumps(vars(record)["fields"])


def test_a_fault_of_ours_takes_no_news_along(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop that it ended is run again, and makes ready what it was about to, although nothing new goes live."""
    monkeypatch.setattr(background, "RESTART_SECONDS", 0.0)
    shelf = site.make_shelf()
    make_ready, faults = shelf._make_ready, [RuntimeError("can't start new thread")]

    def fail_once(wanted: Manifest) -> ReadyVersion:
        if faults:
            raise faults.pop()
        return make_ready(wanted)

    monkeypatch.setattr(shelf, "_make_ready", fail_once)
    background.keep_running(shelf.run)
    shelf.follow(SECOND)

    with gevent.Timeout(20, False):
        while shelf.is_behind:
            gevent.sleep(0.01)

    assert (faults, shelf.is_behind) == ([], False)
