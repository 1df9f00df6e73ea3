"""Every open stream is told, in order, and none waits for another."""

import json

import pytest

from model_server import event_streams
from model_server.event_messages import GREETING, HEARTBEAT, deployment_message, run_message
from model_server.event_streams import QUEUE_LENGTH, EventStreams, Stream


def do_nothing() -> None:
    """Stand in for cutting a connection."""


def open_stream(streams: EventStreams, *, is_operator: bool = False) -> Stream:
    stream = streams.open(is_operator=is_operator, hang_up=do_nothing)
    assert stream is not None
    return stream


def test_the_first_message_is_the_present() -> None:
    """A page that opens a stream knows at once whether it is up to date, and when to come back."""
    streams = EventStreams(1)
    first = deployment_message(7, "0" * 12)

    sent = next(streams.follow(open_stream(streams), first))

    assert sent == GREETING.text + first.text
    assert sent.startswith(b"retry: 1000\n\nevent: deployment\nid: 7\n")


def test_a_deployment_is_told_once_and_never_backwards() -> None:
    """What was read at the start may be announced again; what came before is no news."""
    streams = EventStreams(1)
    stream = open_stream(streams)
    follow = streams.follow(stream, deployment_message(7, "7" * 12))
    next(follow)

    for number in (6, 7, 8):
        streams.tell(deployment_message(number, str(number) * 12))
    streams.close()

    assert list(follow) == [deployment_message(8, "8" * 12).text]


def test_runs_are_told_to_operators_only() -> None:
    """The public learns what is live, not how it came about."""
    streams = EventStreams(2)
    anybody, operator = open_stream(streams), open_stream(streams, is_operator=True)
    message = run_message({"key": "k"})

    streams.tell(message, operators_only=True)
    streams.close()

    assert list(streams.follow(anybody, None)) == [GREETING.text]
    assert list(streams.follow(operator, None)) == [GREETING.text, message.text]


def test_a_slow_client_is_cut_off_and_no_other() -> None:
    """Nobody's full queue holds up a deployment for the rest, and memory stays bounded."""
    cut: list[str] = []
    streams = EventStreams(2)
    slow = streams.open(is_operator=True, hang_up=lambda: cut.append("slow"))
    quick = open_stream(streams)
    for step in range(QUEUE_LENGTH + 1):
        streams.tell(run_message({"step": step}), operators_only=True)

    streams.tell(deployment_message(1, "1" * 12))
    streams.close()

    assert cut == ["slow"]
    assert slow is not None
    assert list(streams.follow(slow, None)) == [GREETING.text]
    assert list(streams.follow(quick, None)) == [GREETING.text, deployment_message(1, "1" * 12).text]


def test_there_is_room_for_so_many_and_again_when_one_leaves() -> None:
    """The bound holds whatever clients do; a stream that ended frees its place."""
    streams = EventStreams(1)
    stream = open_stream(streams)
    assert streams.open(is_operator=False, hang_up=do_nothing) is None

    streams.leave(stream)
    streams.leave(stream)

    assert open_stream(streams)


def test_a_process_that_ends_opens_no_more() -> None:
    """A client that comes back while the process stops is sent elsewhere."""
    streams = EventStreams(1)
    streams.close()

    assert streams.open(is_operator=False, hang_up=do_nothing) is None


def test_silence_is_broken_by_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead connection is only noticed by writing to it."""
    monkeypatch.setattr(event_streams, "HEARTBEAT_SECONDS", 0.001)
    streams = EventStreams(1)
    follow = streams.follow(open_stream(streams), None)
    next(follow)

    assert next(follow) == HEARTBEAT.text
    assert HEARTBEAT.text.startswith(b":")


def test_messages_cannot_be_broken_by_their_data() -> None:
    """A line feed in a run's reason ends neither its line nor its message."""
    run = {"reason": "one\n\nevent: deployment", "error": "\r\u2028"}

    lines = run_message(run).text.decode().split("\n")

    assert lines[0] == "event: run"
    assert json.loads(lines[1].removeprefix("data: ")) == run
    assert lines[2:] == ["", ""]
