"""What runs in the background goes on, whatever happens to it."""

import gevent
import pytest
from gevent.event import Event
from sqlalchemy.exc import OperationalError

from model_server import background
from model_server.background import keep_running, run_until_done


def test_a_task_is_tried_until_the_database_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that starts before its database makes up for it."""
    monkeypatch.setattr(background, "backoff_seconds", lambda: iter([0.0] * 10))
    tries: list[int] = []
    done = Event()

    def task() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("INSERT", {}, Exception())
        done.set()

    run_until_done(task)

    assert done.wait(5)
    gevent.sleep(0)
    assert len(tries) == 3


def test_a_loop_that_fails_is_run_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A fault of ours in the background is told and survived."""
    monkeypatch.setattr(background, "RESTART_SECONDS", 0.0)
    rounds: list[int] = []
    again = Event()
    never = Event()

    def loop() -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise KeyError("a fault of ours")
        again.set()
        never.wait()

    keep_running(loop)

    assert again.wait(5)
    assert "background_failed" in caplog.text
