"""A worker's state and name: decided from what is known, tested at the edges."""

from datetime import timedelta

import pytest

from doodle_db.runs import HEARTBEAT_TIMEOUT
from doodle_db.sent_runs import explain_waiting
from doodle_db.worker_names import MAX_NAME_CHARACTERS, MAX_NAMESAKES, Namesake, Place, choose_name, is_in_the_way
from doodle_db.workers import state_of

MOMENT = timedelta(microseconds=1)
HERE = Place("this machine", 8)


@pytest.mark.parametrize("state", ["idle", "busy"])
@pytest.mark.parametrize(
    ("silence", "is_lost"),
    [
        pytest.param(-MOMENT, False, id="its beat is later than the question"),
        pytest.param(timedelta(0), False, id="just now"),
        pytest.param(HEARTBEAT_TIMEOUT, False, id="to the very end"),
        pytest.param(HEARTBEAT_TIMEOUT + MOMENT, True, id="a moment too long"),
        pytest.param(timedelta(days=9), True, id="for ever"),
    ],
)
def test_silence_makes_a_worker_lost(state: str, silence: timedelta, is_lost: bool) -> None:
    """Whatever it did last: what was not heard for too long is lost."""
    assert state_of(state, silence) == ("lost" if is_lost else state)


def test_a_farewell_lasts() -> None:
    """A worker that said it ends is not lost, however long ago that was."""
    assert state_of("stopped", timedelta(days=9)) == "stopped"


def namesake(machine: str | None = "this machine", process: int | None = 7, **facts: object) -> Namesake:
    told = {"has_stopped": False, "silence": timedelta(seconds=1), **facts}
    return Namesake(place=Place(machine, process), **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "living", "keeps_its_name"),
    [
        pytest.param(namesake(), {7}, True, id="two on one machine"),
        pytest.param(namesake(), set(), False, id="killed a moment ago, on this machine"),
        pytest.param(
            namesake(process=8), {8}, False, id="the same container, started again: its process has its number"
        ),
        pytest.param(namesake("another"), set(), True, id="on another machine, whose processes nobody here can see"),
        pytest.param(namesake("another", has_stopped=True), set(), False, id="it has said farewell"),
        pytest.param(namesake("another", silence=HEARTBEAT_TIMEOUT), set(), True, id="silent, but not too long"),
        pytest.param(namesake("another", silence=HEARTBEAT_TIMEOUT + MOMENT), set(), False, id="lost"),
        pytest.param(namesake(None, None), {7}, False, id="of a release that does not say where it lives"),
    ],
)
def test_a_living_namesake_keeps_its_name(other: Namesake, living: set[int], keeps_its_name: bool) -> None:
    """One that was killed gives its name and its run to its next life at once; one that lives keeps both."""
    assert is_in_the_way(other, HERE, living.__contains__) == keeps_its_name


def test_the_first_free_number() -> None:
    """A free name is taken as it is; a taken one gets the lowest number from 2 on that is free."""
    taken = {"colab-1", "colab-1-2", "colab-1-4"}

    assert choose_name("colab-2", taken.__contains__) == "colab-2"
    assert choose_name("colab-1", taken.__contains__) == "colab-1-3"


def test_a_long_name_gives_way_to_its_number() -> None:
    """A name is never longer than its column takes."""
    wanted = "x" * MAX_NAME_CHARACTERS

    assert choose_name(wanted, {wanted}.__contains__) == "x" * (MAX_NAME_CHARACTERS - 2) + "-2"


def test_names_run_out() -> None:
    """Nobody searches for ever."""
    with pytest.raises(ValueError, match=f"{MAX_NAMESAKES} workers called colab-1"):
        choose_name("colab-1", lambda _: True)


@pytest.mark.parametrize(
    ("state", "asked_to", "words"),
    [
        ("idle", None, None),
        ("busy", None, None),
        ("lost", None, "is lost"),
        ("stopped", "stop", "has stopped"),
        ("busy", "drain", "is about to end"),
    ],
)
def test_a_run_says_why_it_waits(state: str, asked_to: str | None, words: str | None) -> None:
    """Only for a worker that will not take it."""
    said = explain_waiting("colab-1", state, asked_to)

    assert (said is None) if words is None else (said is not None and said.startswith(f"colab-1 {words}:"))
