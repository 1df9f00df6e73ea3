"""One at a time, few wait, and nobody for ever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from model_server.prediction.errors import PredictBusyError
from model_server.prediction.lane import Lane


def test_one_is_let_through_at_a_time() -> None:
    """Whoever waits comes next."""
    lane, is_inside, may_leave, order = Lane(), Event(), Event(), list[str]()

    def first() -> None:
        with lane.turn():
            is_inside.set()
            assert may_leave.wait(10)
            order.append("first")

    def second() -> None:
        with lane.turn():
            order.append("second")

    with ThreadPoolExecutor(2) as pool:
        going = [pool.submit(first)]
        assert is_inside.wait(10)
        going.append(pool.submit(second))
        may_leave.set()
        for each in going:
            each.result()

    assert (order, lane.num_inside) == (["first", "second"], 0)


def test_a_full_line_is_refused_at_once() -> None:
    """And has room again when somebody has left."""
    lane = Lane(max_waiting=0)

    with lane.turn(), pytest.raises(PredictBusyError), lane.turn():
        pass

    with lane.turn():
        assert lane.num_inside == 1


def test_nobody_waits_for_ever() -> None:
    """Longer than is promised nobody waits; the place in line is given back."""
    lane = Lane(max_waiting=1, wait_seconds=0.01)

    with lane.turn():
        for _ in range(3):
            with pytest.raises(PredictBusyError), lane.turn():
                pass

    assert lane.num_inside == 0


def test_what_fails_gives_its_turn_back() -> None:
    """An error in somebody's turn is theirs alone."""
    lane = Lane(max_waiting=0)

    with pytest.raises(KeyError), lane.turn():
        raise KeyError

    with lane.turn():
        pass
