"""Old doodles go by whole months, and never one that explains the live version or waits to be learnt from."""

from datetime import UTC, date, datetime

import pytest

from doodle_db.errors import InvalidError
from doodle_db.retention import MonthFacts, decide_retention, first_kept_month

OLD = date(2025, 1, 1)
BEFORE = date(2026, 1, 1)


def test_what_nobody_needs_goes() -> None:
    """Counts of zero are no need."""
    facts = MonthFacts(OLD, 7, {"0123456789ab": 0}, {"0123456789ab": 0})

    assert [(each.goes, each.num_doodles) for each in decide_retention([facts], before=BEFORE)] == [(True, 7)]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (MonthFacts(OLD, 7, num_learnt={"0123456789ab": 3}), "3 that 0123456789ab learnt from"),
        (MonthFacts(OLD, 7, num_judged={"0123456789ab": 1}), "1 that 0123456789ab was judged on"),
        (MonthFacts(OLD, 7, num_waiting=2), "2 that wait for a run"),
        (MonthFacts(OLD, 7, num_next_holdout=4), "4 that the next run is judged on"),
    ],
)
def test_what_is_needed_stays_and_says_why(facts: MonthFacts, words: str) -> None:
    """However old it is."""
    (decision,) = decide_retention([facts], before=BEFORE)

    assert (decision.goes, decision.reason) == (False, f"needed: {words}")


def test_what_is_not_old_stays() -> None:
    """The month that is named is the first that stays."""
    decisions = decide_retention([MonthFacts(date(2025, 12, 1), 1), MonthFacts(BEFORE, 1)], before=BEFORE)

    assert [each.goes for each in decisions] == [True, False]


def test_this_month_always_stays() -> None:
    """Keeping one month keeps the present one."""
    now = datetime(2026, 1, 31, tzinfo=UTC)

    assert first_kept_month(now, 1) == date(2026, 1, 1)
    assert first_kept_month(now, 13) == date(2025, 1, 1)
    with pytest.raises(InvalidError):
        first_kept_month(now, 0)
