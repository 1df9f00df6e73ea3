"""A log line is one JSON object with fields."""

import json
import logging
import sys

from doodle_web.json_logs import JsonFormatter, bind_fields, log_event


def format_record(event: str, fields: dict[str, object], *, failed: bool = False) -> dict[str, object]:
    trace = sys.exc_info() if failed else None
    record = logging.LogRecord("doodle", logging.INFO, "file", 1, event, (), trace)
    record.fields = fields
    line = JsonFormatter().format(record)
    assert "\n" not in line
    parsed: dict[str, object] = json.loads(line)
    return parsed


def test_fields_stand_beside_the_event() -> None:
    """Events are searched by field, so a field is never part of a sentence."""
    line = format_record("doodles_stored", {"num_doodles": 3})

    assert line["event"] == "doodles_stored"
    assert line["num_doodles"] == 3
    assert line["level"] == "info"


def test_bound_fields_stand_in_every_line_and_end_with_their_block() -> None:
    """A run's key is bound once, and does not leak into the next run's lines."""
    with bind_fields(run="a"), bind_fields(worker="b"):
        inside = format_record("epoch_ended", {})
    outside = format_record("epoch_ended", {})

    assert (inside["run"], inside["worker"]) == ("a", "b")
    assert "run" not in outside


def test_a_traceback_stays_in_its_line() -> None:
    """A line feed in a message or a traceback does not break the line."""
    try:
        raise ValueError("two\nlines")
    except ValueError:
        line = format_record("two\nlines", {}, failed=True)

    assert "ValueError: two\nlines" in str(line["traceback"])


def test_log_event_hands_over_fields() -> None:
    """log_event is the short way to a line with fields."""
    seen: list[logging.LogRecord] = []
    logger = logging.Logger("doodle")
    handler = logging.Handler()
    handler.emit = seen.append  # type: ignore[method-assign, assignment]
    logger.addHandler(handler)

    log_event(logger, logging.INFO, "run_claimed", run="a")

    assert seen[0].getMessage() == "run_claimed"
    assert vars(seen[0])["fields"] == {"run": "a"}
