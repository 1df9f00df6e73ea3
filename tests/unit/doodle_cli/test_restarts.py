"""When to start again: soon after an accident, later and later when it keeps dying."""

from doodle_cli.restarts import MAX_DELAY_SECONDS, plan_restart


def test_an_accident_is_mended_at_once() -> None:
    """Somebody's kill -9 costs a quarter of a second."""
    plan = plan_restart([1000.0], now=1000.0)

    assert (plan.delay_seconds, plan.is_crash_loop) == (0.25, False)


def test_each_death_of_a_minute_doubles_the_wait() -> None:
    """A child that cannot start does not take the machine's time from the others."""
    deaths = [0.0, 1.0, 2.0, 4.0]

    assert [plan_restart(deaths[: n + 1], deaths[n]).delay_seconds for n in range(4)] == [0.25, 0.5, 1.0, 2.0]


def test_the_wait_is_bounded() -> None:
    """Once the reason is mended, it is up again within seconds."""
    assert plan_restart([float(n) for n in range(50)], now=49.0).delay_seconds == MAX_DELAY_SECONDS


def test_the_fifth_death_within_a_minute_is_a_crash_loop() -> None:
    """Five in a minute are no accident; five in an hour may be."""
    assert plan_restart([0.0, 10.0, 20.0, 30.0, 40.0], now=40.0).is_crash_loop
    assert not plan_restart([0.0, 700.0, 1400.0, 2100.0, 2800.0], now=2800.0).is_crash_loop


def test_old_deaths_are_forgiven() -> None:
    """A child that has lived for a minute starts with a clean sheet."""
    assert plan_restart([0.0, 1.0, 2.0, 3.0, 100.0], now=100.0).delay_seconds == 0.25
