"""An installation with some of everything, places for its backups, and an empty one to restore into."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest
from sqlalchemy import Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace
from doodle_db.backups.record import BackupRecord
from doodle_db.engine import connect_to
from doodle_testing.backups import NOW, save
from doodle_testing.kept import fill_installation
from doodle_testing.object_store import ObjectStore


@pytest.fixture(params=["folder", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BackupPlace]:
    """A place for backups: each kind there is."""
    if request.param == "s3":
        aws: ObjectStore = request.getfixturevalue("object_store")
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        yield BackupPlace(f"s3://{aws.make_bucket()}/backups")
    elif request.param == "memory":
        root = f"memory://{uuid4().hex}"
        yield BackupPlace(root)
        fsspec.filesystem("memory").rm(root, recursive=True)
    else:
        yield BackupPlace(str(tmp_path / "place"))


@pytest.fixture
def folder_place(tmp_path: Path) -> BackupPlace:
    """A folder for backups, for what does not depend on the kind."""
    return BackupPlace(str(tmp_path / "place"))


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    """The versions of the installation that is saved."""
    return ArtifactStore(str(tmp_path / "artifacts"))


@pytest.fixture
def other_store(tmp_path: Path) -> ArtifactStore:
    """The versions of the installation that is restored into."""
    return ArtifactStore(str(tmp_path / "other"))


@pytest.fixture
def filled(engine: Engine, store: ArtifactStore, tmp_path: Path) -> Engine:
    """An installation with some of everything."""
    fill_installation(engine, store, tmp_path / "made", NOW)
    return engine


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    """A database nobody has started anything on."""
    engine = connect_to(empty_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def record(filled: Engine, store: ArtifactStore, folder_place: BackupPlace) -> BackupRecord:
    """A backup of it in a folder."""
    return save(filled, store, folder_place)
