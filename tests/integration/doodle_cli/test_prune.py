"""prune, as it is typed: shows first, drops then, and leaves what the live version and the next run need."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from doodle_cli.commands.prune import HOLDOUT_SIZE
from doodle_cli.main import cli
from doodle_db.artifacts import ArtifactStore
from doodle_db.doodle_counts import count_by_label
from doodle_db.partitions import list_months
from doodle_testing.builders import doodle, ids_of_split
from doodle_testing.kept import FINISHED, fill_installation
from training_server.material import NUM_RECENT

INSERT = """
    INSERT INTO doodles (id, label, bitmap, height, width, split, source, contributor, content_hash, created_at,
        recorded_xid)
    VALUES (:id, 'cat', :bitmap, 28, 28, :split, 'user', substr(:hash, 1, 16), :hash, :created_at, :recorded_xid)
"""
NOW = datetime.now(UTC)
LEARNT_LONG_AGO = 1


def make_old(engine: Engine, month: str, split: str, start: int, *, recorded_xid: int = LEARNT_LONG_AGO) -> None:
    """Store three doodles of an old month that every version has looked at long ago."""
    with engine.begin() as connection:
        connection.execute(text("SELECT make_doodle_month(CAST(:month AS date))"), {"month": f"{month}-01"})
        for each in ids_of_split(split, 3, start=start):  # type: ignore[arg-type]
            connection.execute(
                text(INSERT),
                {
                    "id": each,
                    "bitmap": doodle(each).bitmap,
                    "hash": bytes(32),
                    "split": split,
                    "created_at": f"{month}-15T00:00Z",
                    "recorded_xid": recorded_xid,
                },
            )


@pytest.fixture
def filled(engine: Engine, tmp_path: Path) -> Engine:
    """Today's doodles, those a version learnt from, and three old months."""
    fill_installation(engine, ArtifactStore(str(tmp_path / "artifacts")), tmp_path / "made", NOW - timedelta(minutes=1))
    with engine.begin() as connection:
        # The live version's run began after what was looked at long ago.
        connection.execute(text("UPDATE runs SET watermark_from = 100 WHERE key = :key"), {"key": FINISHED})
    make_old(engine, "2024-01", "train", 50_000)
    make_old(engine, "2024-02", "test", 60_000)
    make_old(engine, "2024-03", "train", 70_000, recorded_xid=10**12)
    return engine


def prune(database_url: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["prune", *arguments], env={"DATABASE_URL": database_url})


def months_of(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [f"{month:%Y-%m}" for month in list_months(connection) if month.year == 2024]


def test_it_shows_first(filled: Engine, database_url: str) -> None:
    """Without --yes nothing goes; each month has its reason."""
    shown = prune(database_url, "--keep-months", "2")

    assert shown.exit_code == 0, shown.output
    words = {line.split()[0]: line for line in shown.output.splitlines() if line.startswith("20")}
    assert "goes" in words["2024-01"]
    assert "3 that ba9876543210 was judged on, 3 that the next run is judged on" in words["2024-02"]
    assert "3 that wait for a run" in words["2024-03"]
    assert f"not older than {NOW.replace(day=1) - timedelta(days=1):%Y-%m}" in words[f"{NOW:%Y-%m}"]
    assert "3 doodles would go for good" in shown.output
    assert months_of(filled) == ["2024-01", "2024-02", "2024-03"]


def test_it_drops_what_nobody_needs(filled: Engine, database_url: str) -> None:
    """Rows, ids and counts of a month go together; a second time there is nothing to do."""
    with filled.connect() as connection:
        before = sum(count_by_label(connection).values())

    done = prune(database_url, "--before", f"{NOW:%Y-%m}", "--yes")
    again = prune(database_url, "--before", f"{NOW:%Y-%m}", "--yes")

    assert "3 doodles of 1 months are gone." in done.output
    assert "0 doodles of 0 months are gone." in again.output
    assert months_of(filled) == ["2024-02", "2024-03"]
    with filled.connect() as connection:
        assert sum(count_by_label(connection).values()) == before - 3
        gone = {"id": ids_of_split("train", 1, start=50_000)[0]}
        assert connection.execute(text("SELECT FROM doodle_ids WHERE id = :id"), gone).first() is None


def test_base_data_is_never_touched(filled: Engine, database_url: str) -> None:
    """It has no month: replay and holdout stay whatever goes."""
    base = text("SELECT count(*) FROM doodles WHERE source = 'base'")
    with filled.connect() as connection:
        before = connection.execute(base).scalar_one()

    prune(database_url, "--before", f"{NOW:%Y-%m}", "--yes")

    with filled.connect() as connection:
        assert connection.execute(base).scalar_one() == before == 3


def test_months_the_live_version_learnt_from_stay(filled: Engine, database_url: str) -> None:
    """What its run took as new explains it, however old the drawings are."""
    with filled.begin() as connection:
        connection.execute(text("UPDATE runs SET watermark_from = 0 WHERE key = :key"), {"key": FINISHED})

    shown = prune(database_url, "--keep-months", "1", "--yes")

    assert "3 that ba9876543210 learnt from" in shown.output
    assert months_of(filled) == ["2024-01", "2024-02", "2024-03"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Say either --before MONTH"),
        (("--before", "2026-01", "--keep-months", "3"), "Say either"),
        (("--before", "2026-13"), "is no month"),
        (("--before", "2999-01"), "lies ahead"),
    ],
)
def test_what_is_no_month_is_refused(database_url: str, arguments: tuple[str, ...], words: str) -> None:
    """Before anything is looked at."""
    refused = prune(database_url, *arguments)

    assert refused.exit_code == 1
    assert words in refused.output


def test_the_holdout_is_that_of_the_gate() -> None:
    """The command may not import training_server, and must not forget a drawing the gate decides on."""
    assert HOLDOUT_SIZE == NUM_RECENT
