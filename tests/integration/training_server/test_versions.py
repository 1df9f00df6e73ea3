"""What is done with versions' files: compared on held-out drawings, fetched as one zip, deleted."""

import io
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.artifacts import MANIFEST_NAME, ArtifactStore
from doodle_db.deletions import list_with_files
from doodle_db.manifest import Manifest, parse_manifest
from doodle_db.model_list import list_models
from doodle_db.model_registry import deploy, get_live, register_version
from doodle_db.operators import set_operator
from doodle_db.splits import split_of
from doodle_testing.builders import LABEL_SET
from doodle_testing.contract import watch_answers
from doodle_testing.drawings import generate_doodles
from doodle_testing.training_server import BASE_MODELS, ROOT, store
from training_server.app import create_app
from training_server.config import from_environment
from training_server.operations import OPERATIONS

TOKEN = "only-for-tests-only-for-tests-only-for-tests"
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}
TURNED, SPARE = "b" * 12, "c" * 12


def shipped() -> Path:
    """Find the version of animals that ships."""
    (folder,) = (BASE_MODELS / "animals").iterdir()
    return folder


LIVE = shipped().name


@pytest.fixture
def artifacts(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "artifacts"))


def add_version(engine: Engine, artifacts: ArtifactStore, folder: Path, version: str) -> Manifest:
    """Register the shipped network under another name, with its labels in another order: it is always wrong."""
    shutil.copytree(shipped(), folder)
    made = parse_manifest((folder / MANIFEST_NAME).read_bytes())
    labels = [*made.labels[1:], made.labels[0]]
    changed = made.model_copy(update={"version": version, "labels": labels, "parent_version": LIVE})
    (folder / MANIFEST_NAME).write_text(changed.model_dump_json())
    artifacts.store_version(folder, changed)
    with engine.begin() as connection:
        register_version(connection, changed)
    return changed


@pytest.fixture
def registry(queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path) -> Engine:
    """The shipped version is live; two more are registered."""
    made = parse_manifest((shipped() / MANIFEST_NAME).read_bytes())
    artifacts.store_version(shipped(), made)
    with queue_engine.begin() as connection:
        set_operator(connection, "ada", TOKEN)
        register_version(connection, made)
        deploy(connection, LIVE, kind="publish", actor="test", reason="a test", expected_live=None)
    for version in (TURNED, SPARE):
        add_version(queue_engine, artifacts, tmp_path / version, version)
    return queue_engine


@pytest.fixture
def client(registry: Engine, queue_url: str, artifacts: ArtifactStore) -> FlaskClient:
    settings = from_environment({"DATABASE_URL": queue_url, "ARTIFACT_URL": artifacts.url})
    app: Flask = watch_answers(create_app(settings, registry), OPERATIONS)
    return app.test_client()


def compare(client: FlaskClient, version: str, other: str) -> tuple[int, dict[str, Any]]:
    answer = client.get(f"/api/v1/models/{version}/comparison", query_string={"with": other}, headers=OPERATOR)
    assert answer.json is not None
    return answer.status_code, answer.json


def delete(client: FlaskClient, name: str, **more: Any) -> tuple[int, dict[str, Any]]:
    body = {"version": name, "confirm": name, "reason": "a test", **more}
    answer = client.post("/api/v1/models/deletions", json=body, headers=OPERATOR)
    assert answer.json is not None
    return answer.status_code, answer.json


def listed(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return {row.version for row in list_models(connection)[0]}


def test_two_versions_are_asked_about_the_same_drawings(client: FlaskClient, registry: Engine) -> None:
    """Held out ones only; whose labels are another way round is right about nothing that the other is right about."""
    doodles = generate_doodles(LABEL_SET, 120, Random(5))
    store(registry, doodles)
    num_held_out = sum(split_of(each.id) == "test" for each in doodles)

    status, found = compare(client, LIVE, TURNED)

    (recent,) = found["holdouts"]
    assert (status, recent["name"], recent["all"]["num_doodles"]) == (200, "recent", num_held_out)
    assert recent["all"]["num_both"] == 0
    assert recent["all"]["num_first"] > num_held_out / 2 > recent["all"]["num_second"]
    assert recent["all"]["p_value"] < 0.05
    assert sum(each["num_doodles"] for each in recent["labels"].values()) == num_held_out


def test_without_held_out_drawings_there_is_nothing_to_compare_on(client: FlaskClient) -> None:
    """No holdout, no number."""
    assert compare(client, LIVE, TURNED) == (200, {"version": LIVE, "with": TURNED, "holdouts": []})


@pytest.mark.parametrize(
    ("version", "other", "status", "field"),
    [
        (LIVE, "", 404, "with"),
        (LIVE, "f" * 12, 404, "with"),
        ("f" * 12, LIVE, 404, "version"),
        (LIVE, LIVE, 422, "with"),
    ],
)
def test_what_cannot_be_compared_is_named(
    client: FlaskClient, version: str, other: str, status: int, field: str
) -> None:
    """Which of the two is at fault."""
    refused, problem = compare(client, version, other)

    assert (refused, problem["errors"][0]["field"]) == (status, field)


def test_all_files_of_a_version_come_as_one(client: FlaskClient) -> None:
    """The manifest and what it lists, as they are stored; the same version is always the same zip."""
    answer = client.get(f"/api/v1/models/{LIVE}/archive", headers=OPERATOR)
    again = client.get(f"/api/v1/models/{LIVE}/archive", headers=OPERATOR)

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="doodle-loop-animals-{LIVE}.zip"'
    assert answer.data == again.data
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        contents = {Path(name).name: archive.read(name) for name in archive.namelist()}
    assert contents == {path.name: path.read_bytes() for path in shipped().iterdir()}


def test_a_deleted_version_is_gone_with_its_files(
    client: FlaskClient, registry: Engine, artifacts: ArtifactStore
) -> None:
    """Not listed, not compared, not fetched; the second time there is nothing to delete."""
    assert delete(client, SPARE) == (200, {"deleted": [SPARE], "kept": [], "files_removed": True})

    assert (listed(registry), artifacts.list_versions()) == ({LIVE, TURNED}, sorted([LIVE, TURNED]))
    assert client.get(f"/api/v1/models/{SPARE}/archive", headers=OPERATOR).status_code == 404
    assert compare(client, LIVE, SPARE)[0] == 404
    assert delete(client, SPARE)[0] == 404


def test_the_live_version_is_never_deleted(client: FlaskClient, registry: Engine, artifacts: ArtifactStore) -> None:
    """The answer says why."""
    status, problem = delete(client, LIVE)

    assert (status, problem["errors"][0]["field"]) == (409, "version")
    assert "it is live" in problem["detail"]
    assert LIVE in listed(registry)
    assert artifacts.has_version(LIVE)


def test_emptying_the_store_leaves_what_is_needed(
    client: FlaskClient, registry: Engine, artifacts: ArtifactStore
) -> None:
    """It asks for the label set's name, and says what stays, and why."""
    status, done = delete(client, "all", confirm="animals")

    assert (status, set(done["deleted"]), done["kept"]) == (
        200,
        {TURNED, SPARE},
        [{"version": LIVE, "needed_for": "it is live"}],
    )
    assert (listed(registry), artifacts.list_versions()) == ({LIVE}, [LIVE])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"confirm": ""}, "confirm"),
        ({"confirm": TURNED}, "confirm"),
        ({"version": "all", "confirm": "all"}, "confirm"),
        ({"version": "latest"}, "version"),
        ({"reason": " "}, "reason"),
        ({"force": True}, "force"),
    ],
)
def test_what_was_not_meant_is_not_done(
    client: FlaskClient, registry: Engine, body: dict[str, Any], field: str
) -> None:
    """The name once more, and a reason; or nothing is deleted."""
    status, problem = delete(client, SPARE, **body)

    assert (status, problem["errors"][0]["field"]) == (422, field)
    assert SPARE in listed(registry)


@pytest.mark.parametrize(
    "point", ["before the commit", "before the manifest", "before the other files", "before the note"]
)
def test_killed_in_the_middle_nothing_is_half(
    client: FlaskClient, registry: Engine, queue_url: str, artifacts: ArtifactStore, point: str
) -> None:
    """Either the version is there, row and files, or nobody sees it; the next deletion removes what is left of it."""
    environment = {"PYTHONPATH": str(ROOT / "tests"), "DATABASE_URL": queue_url, "ARTIFACT_URL": artifacts.url}
    command = [sys.executable, "-m", "doodle_testing.killed_remover", point, SPARE]

    killed = subprocess.run(command, env={**os.environ, **environment}, check=False)

    assert killed.returncode == -signal.SIGKILL
    is_listed = SPARE in listed(registry)
    assert is_listed == (point == "before the commit")
    assert not is_listed or artifacts.has_version(SPARE)
    with registry.connect() as connection:
        assert get_live(connection).version == LIVE
    delete(client, SPARE if is_listed else TURNED)
    assert not (Path(artifacts.url) / "versions" / SPARE).exists()
    with registry.connect() as connection:
        assert list_with_files(connection) == []


@pytest.mark.parametrize("path", [f"{LIVE}/archive", f"{LIVE}/comparison?with={TURNED}"])
def test_only_operators(client: FlaskClient, path: str) -> None:
    """Everybody else gets 401."""
    assert client.get(f"/api/v1/models/{path}").status_code == 401
    assert client.post("/api/v1/models/deletions", json={}).status_code == 401
