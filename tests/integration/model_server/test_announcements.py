"""Announcements carry keys; what is told is read from the database."""

import json
from uuid import UUID

import pytest
from sqlalchemy import Engine

from doodle_db.runs import queue_delta_run
from doodle_testing.builders import LABEL_SET
from doodle_testing.model_server import FIRST, SECOND, deploy_version
from model_server.announcements import Announcer
from model_server.event_streams import EventStreams, Stream
from model_server.label_list import LabelList

KEY = UUID(int=1)


@pytest.fixture
def streams() -> EventStreams:
    return EventStreams(10)


@pytest.fixture
def operator(streams: EventStreams) -> Stream:
    """An operator's open stream."""
    stream = streams.open(is_operator=True, hang_up=lambda: None)
    assert stream is not None
    return stream


def told(streams: EventStreams, stream: Stream) -> list[str]:
    """End a stream and give the names of the events it was told."""
    streams.close()
    text = b"".join(streams.follow(stream, None)).decode()
    return [line.removeprefix("event: ") for line in text.splitlines() if line.startswith("event: ")]


def test_many_steps_of_a_run_are_one_message(engine: Engine, streams: EventStreams, operator: Stream) -> None:
    """A run that announces every step floods nobody; its latest state is told."""
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))
    with engine.begin() as connection:
        queue_delta_run(connection, KEY, trigger="operator", requested_by="ada")
    for _ in range(100):
        announcer.hear(json.dumps({"kind": "run", "key": str(KEY)}))

    announcer.tell_runs()
    announcer.tell_runs()

    assert told(streams, operator) == ["run"]


def test_a_run_that_is_gone_is_no_fault(engine: Engine, streams: EventStreams, operator: Stream) -> None:
    """Whatever key was announced, the next one is told."""
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))
    announcer.hear(json.dumps({"kind": "run", "key": str(KEY)}))

    announcer.tell_runs()

    assert told(streams, operator) == []


def test_a_pin_is_for_operators(engine: Engine, streams: EventStreams, operator: Stream) -> None:
    """Whether automatic deployment is paused goes to operators at once; it is nobody else's business."""
    visitor = streams.open(is_operator=False, hang_up=lambda: None)
    assert visitor is not None
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))

    announcer.hear(json.dumps({"kind": "pin", "pinned": True}))

    assert (told(streams, operator), told(streams, visitor)) == (["pin"], [])


def test_drift_is_for_operators(engine: Engine, streams: EventStreams, operator: Stream) -> None:
    """The state goes to operators at once; one that is none goes to nobody."""
    visitor = streams.open(is_operator=False, hang_up=lambda: None)
    assert visitor is not None
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))

    announcer.hear(json.dumps({"kind": "drift", "state": "alert"}))
    announcer.hear(json.dumps({"kind": "drift", "state": ["alert"]}))

    assert (told(streams, operator), told(streams, visitor)) == (["drift"], [])


def test_workers_are_for_operators(engine: Engine, streams: EventStreams, operator: Stream) -> None:
    """What is said of a worker goes to operators at once; everybody else hears nothing of it."""
    visitor = streams.open(is_operator=False, hang_up=lambda: None)
    assert visitor is not None
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))

    announcer.hear(json.dumps({"kind": "worker", "name": "colab-1"}))
    announcer.hear(json.dumps({"kind": "worker"}))

    assert (told(streams, operator), told(streams, visitor)) == (["worker"], [])


def test_searches_are_for_operators(engine: Engine, streams: EventStreams, operator: Stream) -> None:
    """That something about a search has changed goes to operators at once; a key that is none goes to nobody."""
    visitor = streams.open(is_operator=False, hang_up=lambda: None)
    assert visitor is not None
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))

    announcer.hear(json.dumps({"kind": "search", "key": str(KEY)}))
    announcer.hear(json.dumps({"kind": "search", "key": "no key"}))

    assert (told(streams, operator), told(streams, visitor)) == (["search"], [])


@pytest.mark.usefixtures("versions")
def test_catching_up_tells_what_was_missed_and_only_that(
    engine: Engine, streams: EventStreams, operator: Stream
) -> None:
    """After a time of deafness: the live version if it is another one, and the latest runs."""
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))
    announcer.catch_up()
    deploy_version(engine, SECOND, FIRST)
    with engine.begin() as connection:
        queue_delta_run(connection, KEY, trigger="operator", requested_by="ada")

    announcer.catch_up()
    announcer.catch_up()
    announcer.tell_runs()

    assert told(streams, operator) == ["deployment", "deployment", "run"]


def test_nobody_reads_runs_for_nobody(engine: Engine, streams: EventStreams) -> None:
    """While no operator looks, a run's steps cost this service nothing."""
    announcer = Announcer(engine, streams, LabelList(engine, LABEL_SET))
    with engine.begin() as connection:
        queue_delta_run(connection, KEY, trigger="operator", requested_by="ada")
    announcer.hear(json.dumps({"kind": "run", "key": str(KEY)}))
    late = streams.open(is_operator=True, hang_up=lambda: None)
    assert late is not None

    announcer.tell_runs()

    assert told(streams, late) == []
