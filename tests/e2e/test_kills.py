"""Everything dies in turn, by SIGKILL: nothing acknowledged is lost, nothing is doubled, the run ends."""

import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import psutil
import pytest

from doodle_db.doodles import Doodle
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.stack import Stack, running_stack, wait_until
from doodle_testing.wire import as_batches, as_json

COMEBACK_SECONDS = 90


class Sender:
    """Sends doodles one by one, as the page's outbox does: again and again under the same id until acknowledged."""

    def __init__(self, stack: Stack, doodles: Iterator[Doodle]) -> None:
        self.acknowledged = 0
        self.refused: list[str] = []
        self._stack, self._doodles = stack, doodles
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._send_all)

    def __enter__(self) -> "Sender":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def wait_for_more(self) -> None:
        """Wait until some more doodles have been acknowledged."""
        enough = self.acknowledged + 20
        wait_until(lambda: self.acknowledged >= enough, COMEBACK_SECONDS, self._stack)

    def _send_all(self) -> None:
        with self._stack.client as client:
            for doodle in self._doodles:
                while not self._is_acknowledged(client, doodle):
                    self._enough.wait(0.05)
                self.acknowledged += 1
                if self._enough.is_set():
                    return

    def _is_acknowledged(self, client: httpx.Client, doodle: Doodle) -> bool:
        try:
            answer = client.post("/api/v1/doodles", json=as_json(doodle))
        except httpx.TransportError:
            return False
        if 400 <= answer.status_code < 500 and answer.status_code != 429:
            self.refused.append(answer.text)
            return True
        return answer.status_code in {200, 201}


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """A new installation that trains when asked."""
    # The operator sits at the same address as all who draw, and must get a word in.
    limits = {"DOODLE_WRITES_PER_SECOND": "10000", "DOODLE_WRITES_BURST": "10000"}
    with running_stack(tmp_path / "home", DELTA_MIN_DOODLES="1000000", **limits) as running:
        yield running


def kill(processes: list[psutil.Process]) -> None:
    """Send SIGKILL to all of them; there must be one."""
    assert processes
    for process in processes:
        process.kill()


def num_stored(stack: Stack) -> int:
    """Count what is accepted and what a run has put into quarantine."""
    with stack.operator as client:
        answers = [client.get("/api/v1/stats"), client.get("/api/v1/reviews")]
    if any(answer.status_code != 200 for answer in answers):
        return -1
    accepted, quarantined = (answer.json() for answer in answers)
    return int(sum(accepted["labels"].values()) + sum(quarantined["counts"].values()))


def newest_run(stack: Stack) -> dict[str, object]:
    try:
        with stack.operator as client:
            answer = client.get("/api/v1/train")
    except httpx.TransportError:
        return {}
    runs = answer.json().get("runs") if answer.status_code == 200 else None
    return dict(runs[0]) if runs else {}


@pytest.mark.timeout(600)
def test_nothing_acknowledged_is_lost(stack: Stack) -> None:
    """model_server and PostgreSQL are killed while doodles come in, the worker in the middle of a run."""
    before = generate_doodles(LABEL_SET, 600, Random(1), turn=0.25)
    with stack.client as client:
        for body in as_batches(before):
            assert client.post("/api/v1/doodles", json=body).status_code == 201

    with Sender(stack, iter(generate_doodles(LABEL_SET, 5_000, Random(2)))) as sender:
        for words in (["model_server.wsgi"], ["postgres", "-D"]):
            sender.wait_for_more()
            kill(stack.processes(*words))
            sender.wait_for_more()
        with stack.operator as client:
            ordered = client.post("/api/v1/train", json={})
        assert ordered.status_code == 202, ordered.text
        key = ordered.json()["key"]
        wait_until(lambda: "epoch" in str(newest_run(stack).get("progress")), COMEBACK_SECONDS * 2, stack)
        kill(stack.processes("training_server.worker"))
        wait_until(lambda: newest_run(stack).get("state") == "finished", COMEBACK_SECONDS * 2, stack)

    run = newest_run(stack)
    assert sender.refused == []
    assert num_stored(stack) == len(before) + sender.acknowledged
    assert (run["key"], run["attempt"]) == (key, 2)
    assert half_versions(stack) == []


def half_versions(stack: Stack) -> list[str]:
    """List versions the API shows whose files are not all there."""
    with stack.operator as client:
        versions = [model["version"] for model in client.get("/api/v1/models").json()["models"]]
        return [
            version
            for version in versions
            for file in client.get(f"/models/{version}/manifest.json").json()["files"]
            if len(client.get(f"/models/{version}/{file['path']}").content) != file["size_bytes"]
        ]
