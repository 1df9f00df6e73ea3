"""A worker's loop ends when it is asked to, whatever gets lost on the way, and goes on ticking whatever breaks."""

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from sqlalchemy import Engine

from doodle_db.engine import connect_to
from doodle_db.workers import Word
from training_server import job_loop
from training_server.farewell import Reason
from training_server.heartbeat import Heartbeat
from training_server.job_loop import WorkerParts, serve
from training_server.queue import TrainingQueue
from training_server.standby import Standby

MAX_SECONDS = 15


class Asked:
    """A heartbeat that hears a word when the test wants it to."""

    def __init__(self) -> None:
        self._word: Callable[[Word], None] | None = None
        self._is_listened_to = threading.Event()

    def listen(self, hear: Callable[[Word], None]) -> None:
        """Remember who listens."""
        self._word = hear
        self._is_listened_to.set()

    def stop_run(self) -> None:
        """There is none."""

    def say(self, word: Word) -> None:
        """Ask the worker."""
        assert self._is_listened_to.wait(MAX_SECONDS)
        assert self._word is not None
        self._word(word)


class LosesOneCancellation:
    """A duty in the middle of which a cancellation gets lost, once, as a connection pool loses it; then it is done."""

    def __init__(self) -> None:
        self.has_begun, self.has_lost = threading.Event(), False

    async def __call__(self, *_: Any, **__: Any) -> None:
        if self.has_lost:
            return
        self.has_begun.set()
        try:
            await asyncio.sleep(MAX_SECONDS)
        except asyncio.CancelledError:
            self.has_lost = True


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def parts(queue_engine: Engine, queue_url: str, asked: Asked) -> WorkerParts:
    """A worker for whom there is nothing to do."""
    heartbeat, queue = cast(Heartbeat, asked), TrainingQueue(queue_engine)
    return WorkerParts("first", queue_url, queue_engine, queue, heartbeat, lambda _: None, 10, 0)


async def serve_for_a_while(parts: WorkerParts) -> Reason:
    """Serve, and fail where that takes too long; the reason is then lost with the loop."""
    serving = asyncio.create_task(serve(parts))
    await asyncio.wait({serving}, timeout=MAX_SECONDS)
    assert serving.done(), "the worker goes on"
    return serving.result()


@pytest.mark.parametrize("duty", ["tick", "recover_runs"])
def test_a_lost_cancellation_keeps_nobody(
    parts: WorkerParts, asked: Asked, monkeypatch: pytest.MonkeyPatch, duty: str
) -> None:
    """An operator's word counts though what it interrupted did not notice: while ticking, and before jobs are taken."""
    losing = LosesOneCancellation()
    monkeypatch.setattr(job_loop, duty, losing)
    monkeypatch.setattr(job_loop, "TICK_SECONDS", 0.01)

    def ask() -> None:
        assert losing.has_begun.wait(MAX_SECONDS)
        asked.say("stop")

    asking = threading.Thread(target=ask)
    asking.start()
    reason = asyncio.run(serve_for_a_while(parts))
    asking.join()

    assert (reason, losing.has_lost) == ("stop", True)


def test_a_broken_duty_keeps_no_other_from_being_done(
    parts: WorkerParts, asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What breaks at every tick is logged by its name; those after it are done, and one paid by the minute ends."""
    told: list[object] = []

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(job_loop, "ask_for_training", fail)
    monkeypatch.setattr(job_loop, "tell_untold", told.append)
    monkeypatch.setattr(job_loop, "TICK_SECONDS", 0.01)

    with caplog.at_level(logging.ERROR, logger=job_loop.__name__):
        reason = asyncio.run(serve_for_a_while(replace(parts, until_idle=True)))

    assert (reason, len(told) >= 1) == ("idle", True)
    assert {(each.getMessage(), each.__dict__["fields"]["duty"]) for each in caplog.records} == {
        ("tick_broken", "ask_for_training")
    }


def test_who_stands_by_does_not_race(parts: WorkerParts, asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    """A database that refuses at once is asked again after a pause: the wait for room was no wait."""
    standby = Standby(connect_to("postgresql://doodle@127.0.0.1:1/doodle"), "first", 1)
    standby.begin()
    ending = threading.Timer(3.0, asked.say, ["drain"])
    ending.start()

    with caplog.at_level(logging.WARNING, logger=job_loop.__name__):
        reason = asyncio.run(serve_for_a_while(replace(parts, standby=standby)))

    assert reason == "drain"
    assert 1 <= [each.getMessage() for each in caplog.records].count("queue_lost") <= 2
