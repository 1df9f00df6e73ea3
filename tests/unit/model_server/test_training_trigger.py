"""training_server is told when it is time, and its absence disturbs nobody."""

import logging

import httpx
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from doodle_db.trigger import Decision
from doodle_web.json_logs import bind_fields
from model_server.training_trigger import TrainingTrigger


class FixedTrigger(TrainingTrigger):
    """A trigger whose database always counts the same."""

    def __init__(self, decision: Decision | Exception, answers: list[int]) -> None:
        self.asked: list[str] = []
        self.request_ids: list[str | None] = []
        self.decision = decision
        self.answers = answers
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        super().__init__(create_engine("postgresql+psycopg2://nowhere/none"), "http://training:8002", 200, client)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url}")
        self.request_ids.append(request.headers.get("X-Request-Id"))
        status = self.answers.pop(0)
        if status == 0:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, json={"decision": "queued"})

    def decide(self) -> Decision:
        if isinstance(self.decision, Exception):
            raise self.decision
        return self.decision


@pytest.mark.parametrize(("decision", "times"), [("queue", 1), ("already_waiting", 0), ("not_enough", 0)])
def test_training_server_is_told_only_when_it_is_time(decision: Decision, times: int) -> None:
    """Every store asks the database; few of them need another service."""
    trigger = FixedTrigger(decision, [200])

    trigger.ask()

    assert trigger.asked == ["POST http://training:8002/internal/trigger"] * times


def test_the_call_bears_the_name_of_the_request_that_stored() -> None:
    """The same id stands in the lines of both services, and none where no request asked."""
    trigger = FixedTrigger("queue", [200, 200])

    with bind_fields(request_id="0123456789abcdef"):
        trigger.ask()
    trigger.ask()

    assert trigger.request_ids == ["0123456789abcdef", None]


def test_a_failure_is_logged_once_until_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    """An evening without training_server is one line in the log, not one per doodle."""
    trigger = FixedTrigger("queue", [0, 503, 200, 500])

    with caplog.at_level(logging.WARNING):
        for _ in range(4):
            trigger.ask()

    assert [record.message for record in caplog.records] == ["trigger_failed", "trigger_failed"]


def test_a_database_that_is_away_is_nothing_new_here() -> None:
    """The request has been answered; the worker's tick will ask again."""
    trigger = FixedTrigger(OperationalError("SELECT", {}, Exception()), [])

    trigger.ask()

    assert trigger.asked == []
