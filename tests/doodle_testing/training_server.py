"""training_server for tests: what is live, doodles to train on, and workers as processes."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, Row, select, text

from doodle_db.artifacts import MANIFEST_NAME
from doodle_db.doodles import Doodle, store_doodles
from doodle_db.manifest import FileRole, Manifest
from doodle_db.model_registry import deploy, register_version
from doodle_db.run_orders import RunOrder
from doodle_db.runs import get_run
from doodle_db.tables import workers
from doodle_testing.builders import doodle, ids_of_split, manifest
from training_server.claims import ClaimedRun, claim
from training_server.queue import TrainingQueue
from training_server.trigger import queue_run

ROOT = Path(__file__).parent.parent.parent
BASE_MODELS = ROOT / "models"
TFJS_RUNNER = ROOT / "frontend/dist-node/run_graph_model.mjs"
LIVE = "0" * 12
LONG_AGO = "UPDATE {table} SET {column} = now() - interval '1 minute'"
FILE_NAMES: dict[FileRole, str] = {
    "tfjs_model": "model.json",
    "tfjs_weights": "weights.bin",
    "onnx": "model.onnx",
    "weights": "weights.npz",
    "report": "report.json",
}


def make_live(engine: Engine, version: str = LIVE, *, before: str | None = None, watermark: int = 0) -> None:
    """Register a version that has no files, and make it live."""
    with engine.begin() as connection:
        register_version(connection, manifest(version, watermark=watermark))
        deploy(connection, version, kind="deploy", actor="a test", reason="a test", expected_live=before)


def store(engine: Engine, doodles: Sequence[Doodle]) -> None:
    """Store doodles in one transaction."""
    with engine.begin() as connection:
        store_doodles(connection, doodles)


def store_new(engine: Engine, number: int, start: int = 0) -> list[UUID]:
    """Store doodles of the train split; another `start` gives others."""
    ids = ids_of_split("train", number, start)
    store(engine, [doodle(each) for each in ids])
    return ids


def order(engine: Engine, queue: TrainingQueue, **arguments: Any) -> UUID:
    """Queue a run, whatever there is to train on."""
    with engine.begin() as connection:
        return queue_run(connection, queue, uuid4(), RunOrder("operator", "ada", "a test", arguments)).key


def order_run(engine: Engine, queue: TrainingQueue, order: RunOrder) -> UUID:
    """Queue a run as it is ordered."""
    with engine.begin() as connection:
        return queue_run(connection, queue, uuid4(), order).key


def read_run(engine: Engine, key: UUID) -> Row[Any]:
    """Read a run's row."""
    with engine.connect() as connection:
        return get_run(connection, key)


def worker_states(engine: Engine) -> dict[str, str]:
    """Tell the state of each worker by name."""
    with engine.connect() as connection:
        return {row.name: row.state for row in connection.execute(select(workers))}


def wait_until(condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Look again and again until something has come about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come about in {seconds} s"
        time.sleep(0.02)


def wait_for_state(engine: Engine, key: UUID, state: str, seconds: float = 30) -> Row[Any]:
    """Wait until a run is in a state, and give its row."""
    wait_until(lambda: read_run(engine, key).state == state, f"state {state!r} of run {key}", seconds)
    return read_run(engine, key)


def wait_for_worker(engine: Engine, name: str) -> None:
    """Wait until a worker is there and has nothing to do."""
    wait_until(lambda: worker_states(engine).get(name) == "idle", f"worker {name}")


def jobs(engine: Engine) -> list[tuple[str, str]]:
    """List the jobs there are: of each its queue, and its run's key."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT queue_name, args->>'run_key' FROM procrastinate_jobs"))
        return [(row[0], row[1]) for row in rows]


def make_silent(engine: Engine, *places: str) -> None:
    """Turn clocks back instead of waiting for half a minute."""
    with engine.begin() as connection:
        for place in places:
            table, _, column = place.partition(".")
            connection.execute(text(LONG_AGO.format(table=table, column=column)))


class WorkerProcess:
    """A worker in a process of its own; killed at the test's end, whatever state it is in."""

    def __init__(self, module: str, log: Path, environment: Mapping[str, str]) -> None:
        """
        Args:
            module: what `python -m` runs.
            log: gets its output.
            environment: besides this process's own.
        """
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module],
                env={**os.environ, "PYTHONPATH": str(ROOT / "tests"), **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """Kill it at once, as the kernel does when memory runs out."""
        self.process.kill()
        self.process.wait(timeout=10)

    def terminate(self) -> int:
        """Ask it to end; gives its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=20)


@contextmanager
def running_worker(
    database_url: str, log: Path, *, name: str = "first", module: str = "doodle_testing.paper_worker", **settings: str
) -> Iterator[WorkerProcess]:
    """
    Run a worker until the block ends.

    Args:
        database_url: its database.
        log: gets its output.
        name: WORKER_NAME.
        module: training_server.worker for a real one.
        settings: more environment.
    """
    # A killed worker cannot tidy up: what it leaves lies beside its log.
    told = {"DATABASE_URL": database_url, "WORKER_NAME": name, "TMPDIR": str(log.parent), **settings}
    worker = WorkerProcess(module, log, told)
    try:
        yield worker
    finally:
        worker.kill()


def make_version(folder: Path, version: str, parent_version: str | None = LIVE) -> Manifest:
    """Write a version's folder: every file and the manifest; the files hold nothing but their names."""
    folder.mkdir()
    files = []
    for role, path in FILE_NAMES.items():
        content = f"{version} {role}".encode()
        (folder / path).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        files.append({"role": role, "path": path, "size_bytes": len(content), "sha256": digest})
    made = manifest(version, parent_version=parent_version, files=files)
    (folder / MANIFEST_NAME).write_text(made.model_dump_json())
    return made


def claim_for_test(engine: Engine, key: UUID, worker: str = "first") -> ClaimedRun:
    """Claim a run as a worker does."""
    with engine.begin() as connection:
        run = claim(connection, key, worker)
    assert isinstance(run, ClaimedRun), run
    return run
