"""Pace: the time left, and not too many reports."""

import pytest

from training_server.progress import REPORT_INTERVAL_SECONDS, Pace, Progress, SilentObserver


class Clock:
    """A clock that shows what it is set to."""

    seconds = 100.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.seconds


def test_the_first_step_says_nothing_about_speed() -> None:
    """It also traced the graph, so the time left is judged from the second on."""
    clock = Clock()
    pace = Pace(num_steps=11, clock=clock)
    clock.seconds = 103.0
    pace.count_step()
    assert pace.eta_seconds() is None

    clock.seconds = 103.5
    pace.count_step()

    assert pace.eta_seconds() == pytest.approx(9 * 0.5)


def test_reports_keep_their_distance() -> None:
    """However fast the steps are, reports come a few times a second."""
    clock = Clock()
    pace = Pace(num_steps=1000, clock=clock)
    reported = 0
    for _ in range(1000):
        clock.seconds += 0.01
        reported += pace.is_report_due()

    assert reported == pytest.approx(10 / REPORT_INTERVAL_SECONDS, abs=3)


def test_a_silent_observer_never_stops_a_training() -> None:
    """It takes every report and goes on."""
    observer = SilentObserver()
    observer.report(Progress("training", 0, 1, 0, 1))

    observer.check_stop()
