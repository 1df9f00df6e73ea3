"""Importing base data: every drawing once, however often and however far it got."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select

from doodle_cli.base_import import import_base_data
from doodle_cli.config import read_settings
from doodle_cli.home import Home
from doodle_cli.main import cli
from doodle_cli.project import Project
from doodle_cli.secret_files import Secrets
from doodle_cli.stack import Stack, base_import
from doodle_db.base_sources import npy
from doodle_db.engine import connect_to
from doodle_db.errors import NotFoundError
from doodle_db.ink import rasterise
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_db.migrate import migrate
from doodle_db.tables import doodles
from doodle_testing.file_server import serving

LABEL_SET = load_label_set("animals")
NUM_DRAWINGS = 7


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of base data: random drawings, the first of each label twice."""
    random = np.random.default_rng(1)
    for label in LABEL_SET.names:
        rows = random.integers(0, 256, (NUM_DRAWINGS, LABEL_SET.height * LABEL_SET.width), np.uint8)
        np.save(tmp_path / f"{label}.npy", np.vstack([rows, rows[:1]]))
    return tmp_path


def count_stored(engine: Engine) -> int:
    rule = (doodles.c.source == "base") & (doodles.c.status == "accepted")
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(doodles).where(rule)).scalar_one()


def run_import(engine: Engine, folder: Path, label_set: LabelSet = LABEL_SET) -> list[tuple[int, int]]:
    return [(each.num_drawings, each.num_stored) for each in import_base_data(engine, folder, label_set)]


def test_every_drawing_is_stored_once(engine: Engine, folder: Path) -> None:
    """A second import finds everything there."""
    first = run_import(engine, folder)
    second = run_import(engine, folder)

    assert first == [(NUM_DRAWINGS, NUM_DRAWINGS)] * 6
    assert second == [(NUM_DRAWINGS, 0)] * 6
    assert count_stored(engine) == 6 * NUM_DRAWINGS


def test_an_import_that_was_cut_off_is_completed(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was stored before the missing file stays, and the next import goes on from there."""
    monkeypatch.setattr(npy, "ROWS_AT_ONCE", 3)
    (folder / "dog.npy").rename(folder / "away")
    with pytest.raises(NotFoundError, match=r"no dog\.npy"):
        run_import(engine, folder)
    assert count_stored(engine) == 2 * NUM_DRAWINGS
    (folder / "away").rename(folder / "dog.npy")

    assert run_import(engine, folder) == [(NUM_DRAWINGS, 0)] * 2 + [(NUM_DRAWINGS, NUM_DRAWINGS)] * 4


def rows_of(engine: Engine) -> list[tuple[object, ...]]:
    columns = (doodles.c.id, doodles.c.label, doodles.c.bitmap, doodles.c.split, doodles.c.source, doodles.c.strokes)
    with engine.connect() as connection:
        return [(*row[:2], bytes(row[2]), *row[3:]) for row in connection.execute(select(*columns).order_by("id"))]


def test_strokes_are_stored_with_their_drawing(engine: Engine, tmp_path: Path) -> None:
    """A drawing that came without them before stays as it is."""
    line, hook = [[[0, 255], [0, 255]]], [[[0, 0, 90], [0, 255, 255]]]
    for label in LABEL_SET.names:
        np.save(tmp_path / f"{label}.npy", rasterise(line, 28, 28).reshape(1, -1))
    run_import(engine, tmp_path)
    text = "".join(json.dumps({"word": "cat", "drawing": strokes}) + "\n" for strokes in (line, hook))
    (tmp_path / "cats.ndjson").write_text(text)

    imported = import_base_data(engine, tmp_path / "cats.ndjson", LABEL_SET)

    assert [(each.num_drawings, each.num_stored) for each in imported if each.num_drawings] == [(2, 1)]
    strokes = {row[2]: row[5] for row in rows_of(engine) if row[1] == "cat"}
    assert strokes == {rasterise(line, 28, 28).tobytes(): None, rasterise(hook, 28, 28).tobytes(): hook}


def test_an_import_that_was_killed_ends_the_same(
    engine: Engine, database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    """SIGKILL in the middle, at whatever row; run again, the table is what it would have been."""
    random = np.random.default_rng(2)
    bitmaps = random.integers(0, 256, (30_000, 28, 28), np.uint8)
    np.savez(tmp_path / "digits.npz", x=bitmaps, y=random.integers(0, 10, 30_000))
    command = [sys.executable, "-m", "doodle_cli", "import", str(tmp_path / "digits.npz"), "--label-set", "digits"]
    environment = {"DATABASE_URL": database_url, "PATH": os.defpath}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while process.poll() is None and count_stored(engine) == 0:
        pass
    process.kill()

    assert process.wait() == -signal.SIGKILL
    assert 0 < count_stored(engine) < 30_000
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert re.search(r"\d+ stored +[1-9]\d* already there", done.stdout)
    whole = connect_to(empty_database_url)
    migrate(whole)
    import_base_data(whole, tmp_path / "digits.npz", load_label_set("digits"))
    assert rows_of(engine) == rows_of(whole)
    whole.dispose()


@pytest.mark.parametrize("place", [[], ["as an argument"]], ids=["BASE_DATA_URL", "argument"])
def test_an_import_from_a_server(engine: Engine, database_url: str, tmp_path: Path, place: list[str]) -> None:
    """Fetched into the home, cut or not, then imported as a folder is; the server is asked once."""
    content = io.BytesIO()
    np.save(content, np.random.default_rng(3).integers(0, 256, (50, 784), np.uint8))
    with serving(content.getvalue()) as server:
        server.plan = ["cut 1000"]
        command = ["import", "--home", str(tmp_path / "home"), *[server.url for _ in place]]
        environment = {"DATABASE_URL": database_url, "BASE_DATA_URL": server.url}
        first = CliRunner().invoke(cli, command, env=environment)
        num_asked = len(server.asked)
        second = CliRunner().invoke(cli, command, env=environment)

    assert first.exit_code == second.exit_code == 0, first.output
    assert len(re.findall(r" 50 stored +0 already there", first.stdout)) == 6
    assert len(re.findall(r" 0 stored +50 already there", second.stdout)) == 6
    assert num_asked == len(server.asked) == 7
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
    assert count_stored(engine) == 300


def test_up_imports_the_folder_its_label_set_names(engine: Engine, database_url: str, tmp_path: Path) -> None:
    """`mnist/` of DOODLE_DATA_DIR for LABEL_SET=digits; what is in it may be of any format."""
    (tmp_path / "data" / "mnist").mkdir(parents=True)
    bitmaps = np.random.default_rng(4).integers(0, 256, (40, 28, 28), np.uint8)
    np.savez(tmp_path / "data" / "mnist" / "mnist.npz", x_train=bitmaps, y_train=np.arange(40) % 10)
    settings = read_settings({"LABEL_SET": "digits", "PATH": os.defpath})
    ports = {"postgres": 1, "model_server": 1, "training_server": 1, "nginx": 1}
    stack = Stack(Home(tmp_path / "home"), Project(tmp_path), settings, Secrets("-", "-", "-"), ports, "127.0.0.1", 1)

    child = base_import(stack, tmp_path / "data" / load_label_set(settings.label_set).base_data)
    subprocess.run(child.command, env={**child.environment, "DATABASE_URL": database_url}, check=True)

    assert count_stored(engine) == 40
    with engine.connect() as connection:
        assert set(connection.scalars(select(doodles.c.label))) == set("0123456789")


@pytest.mark.needs_data
def test_mnist_is_held_out_by_what_is_drawn(engine: Engine, data_dir: Path) -> None:
    """`digits` has a holdout of its own: every drawing of MNIST once, 15 in 100 of each digit for tests."""
    imported = import_base_data(engine, data_dir / "mnist", load_label_set("digits"))

    assert sum(each.num_stored for each in imported) == 70_000
    per_split = select(doodles.c.label, doodles.c.split, func.count()).group_by(doodles.c.label, doodles.c.split)
    with engine.connect() as connection:
        counts = {(label, split): count for label, split, count in connection.execute(per_split)}
    shares = [counts[label, "test"] / (counts[label, "test"] + counts[label, "train"]) for label in "0123456789"]
    assert min(shares) > 0.13
    assert max(shares) < 0.17
