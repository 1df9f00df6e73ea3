"""What a run tells: newest progress and every epoch, written when the database is there, forgotten never."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from doodle_db.run_log import LogLine
from doodle_db.run_progress import Point
from training_server import observer as observer_module
from training_server.interruption import Interruption, RunInterrupted
from training_server.observer import TAIL_SECONDS, RunObserver
from training_server.progress import EpochResult, Progress

KEY = UUID(int=1)


class Clock:
    """A clock the test sets."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class PaperDatabase:
    """Takes the place of an engine and of doodle_db.runs: keeps what is written, or is away."""

    def __init__(self) -> None:
        self.is_away = False
        self.progress: list[dict[str, Any]] = []
        self.epochs: dict[int, dict[str, Any]] = {}
        self.points: list[Point] = []
        self.lines: list[LogLine] = []

    def begin(self) -> "PaperDatabase":
        if self.is_away:
            raise OperationalError("BEGIN", {}, Exception("away"))
        return self

    def __enter__(self) -> "PaperDatabase":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def record_progress(self, _connection: object, _key: UUID, progress: dict[str, Any]) -> None:
        self.progress.append(progress)

    def record_epoch(self, _connection: object, _key: UUID, epoch: int, numbers: dict[str, Any]) -> None:
        self.epochs[epoch] = numbers

    def record_points(self, _connection: object, _key: UUID, points: list[Point]) -> None:
        self.points += points

    def write_log(self, _connection: object, _key: UUID, lines: list[LogLine]) -> None:
        self.lines += lines


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> PaperDatabase:
    paper = PaperDatabase()
    monkeypatch.setattr(observer_module, "record_progress", paper.record_progress)
    monkeypatch.setattr(observer_module, "record_epoch", paper.record_epoch)
    monkeypatch.setattr(observer_module, "record_points", paper.record_points)
    monkeypatch.setattr(observer_module, "write_log", paper.write_log)
    return paper


def after(epoch: int, step: int, eta_seconds: float | None = 6.0) -> Progress:
    return Progress("training", epoch, 2, step, 20, loss=0.5, accuracy=0.75, eta_seconds=eta_seconds)


def test_only_the_newest_progress_is_written(database: PaperDatabase) -> None:
    """However often the training reports, a flush writes one row, and nothing where nothing is new."""
    observer = RunObserver(Interruption())
    for step in range(1, 6):
        observer.report(after(0, step))

    observer.flush(database, KEY)  # type: ignore[arg-type]
    observer.flush(database, KEY)  # type: ignore[arg-type]

    assert [progress["step"] for progress in database.progress] == [5]


def test_the_time_left_counts_what_comes_after_the_training(database: PaperDatabase) -> None:
    """An ETA of zero while exporting is still ahead would be a lie."""
    observer = RunObserver(Interruption())

    observer.report(after(0, 5))
    observer.flush(database, KEY)  # type: ignore[arg-type]
    observer.enter("exporting")
    observer.flush(database, KEY)  # type: ignore[arg-type]

    assert [progress["eta_seconds"] for progress in database.progress] == [6.0 + TAIL_SECONDS, TAIL_SECONDS]
    assert database.progress[1]["stage"] == "exporting"
    assert database.progress[1]["loss"] == 0.5


def test_every_epoch_is_kept_with_its_duration(database: PaperDatabase) -> None:
    """An epoch ends with the report that counts it; its validation may come later."""
    clock = Clock()
    observer = RunObserver(Interruption(), clock)
    observer.enter("training")
    for epoch in (1, 2):
        clock.seconds += 1.5
        observer.report(after(epoch, 10 * epoch))
    observer.flush(database, KEY)  # type: ignore[arg-type]

    observer.end_epoch(EpochResult(2, 0.5, 0.75, validation_loss=0.4, validation_accuracy=0.8))
    observer.flush(database, KEY)  # type: ignore[arg-type]

    assert [database.epochs[epoch]["seconds"] for epoch in (1, 2)] == [1.5, 1.5]
    assert [database.epochs[epoch]["validation_loss"] for epoch in (1, 2)] == [None, 0.4]


def test_what_an_outage_swallowed_is_written_after_it(database: PaperDatabase) -> None:
    """The training reports on while the database is away; nothing of it is lost."""
    observer = RunObserver(Interruption())
    observer.report(after(1, 10))
    database.is_away = True
    with pytest.raises(OperationalError):
        observer.flush(database, KEY)  # type: ignore[arg-type]
    observer.report(after(1, 12))
    database.is_away = False

    observer.flush(database, KEY)  # type: ignore[arg-type]

    assert [progress["step"] for progress in database.progress] == [12]
    assert list(database.epochs) == [1]


def test_a_stage_is_not_entered_by_a_run_that_should_stop() -> None:
    """Cancelling works between steps, too."""
    interruption = Interruption()
    interruption.ask("cancelled")

    with pytest.raises(RunInterrupted):
        RunObserver(interruption).enter("exporting")


def test_a_loss_that_is_no_number_is_told_as_none(database: PaperDatabase) -> None:
    """JSON has no NaN, and a training that diverges must not look like a database that is away."""
    observer = RunObserver(Interruption())
    observer.report(Progress("training", 0, 2, 3, 20, loss=float("nan"), accuracy=0.1, eta_seconds=1.0))

    observer.flush(database, KEY)  # type: ignore[arg-type]

    assert database.progress[0]["loss"] is None


def test_every_stage_is_timed() -> None:
    """Where a run's seconds went stands with its metrics; a stage gone through twice counts twice."""
    clock = Clock()
    observer = RunObserver(Interruption(), clock)

    for stage, seconds in [
        ("reading", 1.0),
        ("judging", 2.0),
        ("publishing", 0.5),
        ("judging", 4.0),
        ("publishing", 8),
    ]:
        observer.enter(stage)
        clock.seconds += seconds

    assert observer.read_stage_seconds() == {"starting": 0.0, "reading": 1.0, "judging": 6.0, "publishing": 0.5}
