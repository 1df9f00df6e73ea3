"""`doodle dataset`: the database into files, and files into the database, without a drawing changing its split."""

import shutil
from pathlib import Path
from random import Random
from uuid import UUID

from click.testing import CliRunner
from sqlalchemy import Engine, select, update

from doodle_cli.main import cli
from doodle_db.base_sources import read_drawings
from doodle_db.doodles import store_doodles
from doodle_db.engine import connect_to
from doodle_db.label_sets import Label
from doodle_db.labels import add_label
from doodle_db.migrate import migrate
from doodle_db.tables import doodles
from doodle_testing.builders import LABEL_SET, doodle
from doodle_testing.drawings import generate_doodles


def fill(engine: Engine, num: int) -> None:
    with engine.begin() as connection:
        store_doodles(connection, generate_doodles(LABEL_SET, num, Random(1)))


def rows_of(engine: Engine) -> dict[UUID, tuple[object, ...]]:
    columns = (doodles.c.id, doodles.c.label, doodles.c.bitmap, doodles.c.strokes, doodles.c.split)
    with engine.connect() as connection:
        return {row[0]: (row[1], bytes(row[2]), *row[3:]) for row in connection.execute(select(*columns))}


def run(database_url: str, *words: object) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words], env={"DATABASE_URL": database_url})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_database_goes_through_tfrecords_unchanged(
    engine: Engine, database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    """Ids, and so splits, labels, bitmaps and strokes are the same; imported again, nothing is stored."""
    fill(engine, 120)
    other = connect_to(empty_database_url)
    migrate(other)

    said = run(database_url, "dataset", "database", tmp_path / "out", "--rows-per-shard", 50, "--home", tmp_path)
    run(empty_database_url, "import", tmp_path / "out", "--home", tmp_path)
    again = run(empty_database_url, "import", tmp_path / "out", "--home", tmp_path)

    assert said == f"120 drawings in 3 files of {tmp_path / 'out'}\n"
    assert rows_of(other) == rows_of(engine)
    assert all(" 0 stored" in line for line in again.splitlines())
    other.dispose()


def test_in_its_own_database_a_doodle_stays_its_contributors(engine: Engine, database_url: str, tmp_path: Path) -> None:
    """What comes back as base data, and was never away, is there already."""
    fill(engine, 30)

    run(database_url, "dataset", "database", tmp_path / "out", "--home", tmp_path)
    said = run(database_url, "import", tmp_path / "out", "--home", tmp_path)

    assert all(" 0 stored" in line for line in said.splitlines())
    with engine.connect() as connection:
        assert set(connection.scalars(select(doodles.c.source))) == {"user"}


def test_only_what_training_may_use_is_written(engine: Engine, database_url: str, tmp_path: Path) -> None:
    """Neither what is quarantined nor, if so asked, anybody's own."""
    fill(engine, 30)
    with engine.begin() as connection:
        hidden = connection.scalars(select(doodles.c.id).limit(3)).all()
        connection.execute(update(doodles).where(doodles.c.id.in_(hidden)).values(status="quarantined"))

    run(database_url, "dataset", "database", tmp_path / "all", "--home", tmp_path)
    result = CliRunner().invoke(
        cli,
        ["dataset", "database", str(tmp_path / "base"), "--whose", "base", "--home", str(tmp_path)],
        env={"DATABASE_URL": database_url},
    )

    ids = {name for batch in read_drawings(tmp_path / "all", LABEL_SET) for name in batch.ids}
    assert ids == rows_of(engine).keys() - set(hidden)
    assert (result.exit_code, "no drawing of bird" in result.output) == (1, True)


def test_added_labels_go_out_and_come_in(engine: Engine, database_url: str, tmp_path: Path) -> None:
    """A mouse is written like any other, and a folder need not hold a file of it: it is no label of the file."""
    fill(engine, 30)
    with engine.begin() as connection:
        add_label(connection, LABEL_SET, Label("mouse", "a mouse", "🐭"), actor="ada")
        store_doodles(connection, [doodle(UUID(int=1), "mouse")])
    out, without = tmp_path / "out", tmp_path / "without"

    run(database_url, "dataset", "database", out, "--format", "npy", "--home", tmp_path)
    shutil.copytree(out, without)
    (without / "mouse.npy").unlink()
    said = [run(database_url, "import", place, "--home", tmp_path) for place in (out, out / "mouse.npy", without)]

    lines = [[line.split()[:3] for line in each.splitlines() if line.startswith("mouse")] for each in said]
    assert lines == [[["mouse", "1", "stored"]], [["mouse", "0", "stored"]], []]
