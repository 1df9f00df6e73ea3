"""A run's log: what our own loggers say of this run, and nothing else."""

import logging
from uuid import UUID

import pytest

from doodle_db.run_log import LogLine, shorten_fields
from doodle_web.json_logs import bind_fields, log_event
from training_server.run_log_handler import keep_log

KEY, OTHER = UUID(int=1), UUID(int=2)
OURS = logging.getLogger("training_server.test")


@pytest.fixture(autouse=True)
def level() -> None:
    """What a worker's logs begin with."""
    OURS.setLevel(logging.INFO)


def test_only_what_concerns_the_run_is_kept() -> None:
    """Neither what another run's thread says, nor a library, nor anything after the end."""
    lines: list[LogLine] = []
    with keep_log(KEY, lines.append):
        with bind_fields(run=KEY):
            log_event(OURS, logging.INFO, "epoch_ended", epoch=1)
            logging.getLogger("tensorflow").warning("something")
        with bind_fields(run=OTHER):
            log_event(OURS, logging.INFO, "epoch_ended", epoch=2)
        log_event(OURS, logging.INFO, "tick")
    with bind_fields(run=KEY):
        log_event(OURS, logging.INFO, "late")

    assert [(line.level, line.event, line.fields) for line in lines] == [("info", "epoch_ended", {"epoch": 1})]


def test_an_exception_is_its_name_and_words() -> None:
    """A traceback is for the process's log."""
    lines: list[LogLine] = []
    with keep_log(KEY, lines.append), bind_fields(run=KEY):
        try:
            raise ValueError("no such thing")
        except ValueError as broken:
            OURS.error("run_failed", exc_info=broken)

    assert (lines[0].event, lines[0].fields) == ("run_failed", {"error": "ValueError: no such thing"})


def test_long_fields_are_cut() -> None:
    """A line is read, not scrolled; and it must fit the table's bound."""
    kept = shorten_fields({"words": "a" * 600, "nested": {"b": [1]}, "nan": float("nan"), "zero": "a\x00b"})
    many = shorten_fields({str(number): "é" * 400 for number in range(100)})

    assert (len(kept["words"]), kept["nested"], kept["nan"], kept["zero"]) == (500, '{"b": [1]}', "nan", "ab")
    assert 5 < len(many) < 10
