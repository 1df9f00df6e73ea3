"""An installation is saved in the middle of its work, lost, and put back into an empty one: nothing is missing."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, update

from doodle_cli.database import find_database_url
from doodle_cli.home import home_at, read_json
from doodle_db.engine import connect_to
from doodle_db.tables import doodles
from doodle_db.training_counts import count_for_training
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import latest_run, live_version, post_all
from doodle_testing.kept import read_kept
from doodle_testing.stack import DOODLE, Stack, running_stack, wait_until

RUN_SECONDS = 150
# No run by itself, and no base data: what is counted is what the test has drawn.
SETTINGS = {"DELTA_MIN_DOODLES": "1000000", "DOODLE_DATA_DIR": ""}


def command(*arguments: str | Path) -> str:
    """Run `doodle` to its end, and give what it printed."""
    done = subprocess.run([DOODLE, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@contextmanager
def database_of(stack: Stack) -> Iterator[Engine]:
    """Reach the database of a running stack."""
    home = home_at(stack.home)
    engine = connect_to(find_database_url(home, read_json(home.ports)))
    yield engine
    engine.dispose()


def read_rows(stack: Stack) -> dict[str, Any]:
    with database_of(stack) as engine, engine.connect() as connection:
        return read_kept(connection)


def num_new(stack: Stack) -> int:
    with database_of(stack) as engine, engine.connect() as connection:
        return count_for_training(connection, at_most=10_000).num_new


def order(stack: Stack, **train_args: object) -> str:
    """Order a run; give its key."""
    with stack.operator as client:
        answer = client.post("/api/v1/train", json={"train_args": train_args})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["key"])


def show_run(stack: Stack, key: str) -> dict[str, Any]:
    with stack.operator as client:
        return dict(client.get(f"/api/v1/train/{key}").json())


def served_files(stack: Stack) -> dict[str, str]:
    """Hash every file of every version as a page gets it."""
    with stack.operator as client:
        versions = [model["version"] for model in client.get("/api/v1/models").json()["models"]]
        manifests = {version: client.get(f"/models/{version}/manifest.json").json() for version in versions}
        return {
            f"{version}/{file['path']}": hashlib.sha256(
                client.get(f"/models/{version}/{file['path']}").content
            ).hexdigest()
            for version, manifest in manifests.items()
            for file in manifest["files"]
        }


def history(stack: Stack) -> list[dict[str, Any]]:
    with stack.operator as client:
        return list(client.get("/api/v1/deployments").json()["deployments"])


def live_through_the_first_run(stack: Stack) -> None:
    """Doodles, a run with its verdict, a second version live, a label put right, a doodle put aside."""
    first = generate_doodles(LABEL_SET, 240, Random(1), turn=0.25)
    post_all(stack, first)
    key = order(stack, epochs=1)
    wait_until(lambda: show_run(stack, key)["state"] == "finished", RUN_SECONDS, stack)
    candidate = show_run(stack, key)["candidate_version"]
    if live_version(stack) != candidate:
        with stack.operator as client:
            body = {"version": candidate, "reason": "The operator disagrees with the gate."}
            assert client.post("/api/v1/deployments", json=body).status_code == 201
    with stack.client as client:
        assert client.put(f"/api/v1/doodles/{first[0].id}/label", json={"label": "rabbit"}).status_code == 200
    with database_of(stack) as engine, engine.begin() as connection:
        aside = {"status": "quarantined", "status_reason": "looks like nothing"}
        connection.execute(update(doodles).where(doodles.c.id == first[1].id).values(aside))


def save_in_the_middle(stack: Stack, place: Path) -> tuple[str, str]:
    """Make a backup while one run is under way and another waits; give their keys."""
    post_all(stack, generate_doodles(LABEL_SET, 240, Random(2), turn=0.25))
    running = order(stack, epochs=100)
    wait_until(lambda: "epoch" in str(show_run(stack, running).get("progress")), RUN_SECONDS, stack)
    post_all(stack, generate_doodles(LABEL_SET, 60, Random(3), turn=0.25))
    waiting = order(stack, epochs=1)
    said = command("backup", place, "--verify", "--home", stack.home)
    assert "540 doodles, 3 runs, 2 deployments, 2 versions" in said
    return running, waiting


@pytest.mark.timeout(900)
def test_everything_is_found_in_an_empty_stack(tmp_path: Path) -> None:
    """Every doodle, version, deployment, run and verdict; the same version live; and the runs that were cut off end."""
    place, lost, new = tmp_path / "place", tmp_path / "lost", tmp_path / "new"
    with running_stack(lost, **SETTINGS) as stack:
        live_through_the_first_run(stack)
        running, waiting = save_in_the_middle(stack, place)
        expected = {"history": history(stack), "files": served_files(stack), "live": live_version(stack)}
        with stack.operator as client:
            assert client.delete(f"/api/v1/train/{running}").status_code == 202
    (record,) = json.loads(command("backups", place, "--json"))
    (new / "secrets").mkdir(parents=True)
    shutil.copy(lost / "secrets" / "contributor_key", new / "secrets")
    shutil.rmtree(lost)

    command("restore", place, "--home", new)

    with running_stack(new, **SETTINGS) as stack:
        assert {"history": history(stack), "files": served_files(stack), "live": live_version(stack)} == expected
        rows = read_rows(stack)
        assert len(rows["doodles"]) == 540
        assert sorted(record["versions"]) == sorted(row["version"] for row in rows["models"])
        put_right = [row for row in rows["doodles"] if row["label"] == "rabbit" and row["status"] == "accepted"]
        assert [row["status"] for row in rows["doodles"]].count("quarantined") == 1
        with stack.client as client:
            # Known by the key: the same address is the same contributor.
            answer = client.put(f"/api/v1/doodles/{put_right[0]['id']}/label", json={"label": "bird"})
        assert answer.status_code == 200
        assert all(doodle_is_there(rows, made) for made in generate_doodles(LABEL_SET, 240, Random(2), turn=0.25))
        with stack.operator as client:
            # It is taken up again, and need not go on for a hundred epochs.
            wait_until(lambda: show_run(stack, running)["attempt"] == 2, RUN_SECONDS, stack)
            assert client.delete(f"/api/v1/train/{running}").status_code == 202
        wait_until(lambda: show_run(stack, running)["state"] == "cancelled", RUN_SECONDS, stack)
        wait_until(lambda: show_run(stack, waiting)["state"] == "finished", RUN_SECONDS, stack)
        assert show_run(stack, waiting)["num_new_doodles"] > 240
        post_all(stack, generate_doodles(LABEL_SET, 30, Random(4), turn=0.25))
        assert num_new(stack) > 0
        assert latest_run(stack)["key"] == waiting


def doodle_is_there(rows: dict[str, Any], made: Any) -> bool:
    """Tell whether a doodle stands in the rows with the very bitmap that was sent."""
    found = [row for row in rows["doodles"] if row["id"] == made.id]
    return len(found) == 1 and bytes(found[0]["bitmap"]) == made.bitmap and found[0]["strokes"] == made.strokes
