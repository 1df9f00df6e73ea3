"""The notebooks in docs do what they say."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from doodle_db.engine import connect_to
from doodle_db.tables import workers
from doodle_testing.notebook import read_code, run_code
from doodle_testing.training_server import TFJS_RUNNER
from training_server.queue_schema import migrate_queue
from training_server.searches.storage import migrate_storage

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_can_be_opened(notebook: Path) -> None:
    """It is a notebook, holds code, and nothing that it once printed."""
    assert read_code(notebook)


def test_three_lines_are_a_worker(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker of the notebook, with a database that is there, registers itself, finds nothing to do, and ends."""
    if not TFJS_RUNNER.is_file():
        pytest.skip("needs the runner: `make frontend`")
    (code,) = read_code(NOTEBOOKS[0])
    lines = code.splitlines()
    assert len(lines) == 3
    engine = connect_to(database_url)
    migrate_queue(engine)
    migrate_storage(engine)
    told = {"DATABASE_URL": database_url, "ARTIFACT_URL": str(tmp_path)}
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert shutil.which("doodle")

    for name, value in told.items():
        monkeypatch.setenv(name, "to be put back at the end")
        lines[1] = replace_address(lines[1], name, value)
    (done,) = run_code("\n".join(lines), {})

    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    with engine.connect() as connection:
        worker = connection.execute(select(workers)).one()
    engine.dispose()
    assert (worker.name, worker.state, worker.asked_to) == ("colab-1", "stopped", None)


def replace_address(line: str, name: str, value: str) -> str:
    """Fill in an address, as whoever opens the notebook does."""
    before, _, rest = line.partition(f'{name}="')
    assert rest, f"the notebook does not set {name}"
    return f'{before}{name}="{value}"{rest.partition(chr(34))[2]}'


def test_a_command_that_fails_is_seen(tmp_path: Path) -> None:
    """The test above would notice: a cell's commands are run by a shell, in their order, with their exit status."""
    names: dict[str, Any] = {}
    done = run_code("x = 3\n!exit 4\ny = x + 1\n!echo ok", names)

    assert ([each.returncode for each in done], names_of(names)) == ([4, 0], {"x": 3, "y": 4})


def names_of(names: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in names.items() if not name.startswith("__")}
