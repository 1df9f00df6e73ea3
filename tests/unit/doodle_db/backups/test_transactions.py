"""Transaction numbers in another cluster: moved below all of it, in the order they had."""

from random import Random

from doodle_db.backups.transactions import move_number, move_numbers
from doodle_db.watermark import BEFORE_EVERYTHING

FIRST_TRANSACTION = 3
"""The lowest number any cluster gives."""


def test_order_is_kept_and_everything_is_below_a_new_cluster() -> None:
    """Whatever was new stays new, whatever was learnt stays learnt; again after a second restore."""
    random = Random(1)
    numbers = sorted(random.sample(range(FIRST_TRANSACTION, 10_000), 200))
    once = [move_number(number, 10_000) for number in numbers]
    twice = [move_number(number, 500) for number in once]

    for moved in (once, twice):
        assert moved == sorted(moved)
        assert max(moved) < 0


def test_a_watermark_at_the_horizon_is_still_below_the_new_cluster() -> None:
    """A run may have looked up to the very number the backup's snapshot ends at."""
    assert move_number(10_000, 10_000) == -1


def test_no_watermark_stays_none() -> None:
    """Zero, and what is before everything, never take the place of a row's number."""
    assert move_number(0, 10_000) == 0
    assert move_number(BEFORE_EVERYTHING, 10_000) == BEFORE_EVERYTHING


def test_only_the_last_columns_of_a_row_are_touched() -> None:
    """A value may hold tabs and newlines: COPY writes them as two characters."""
    rows = b"1\\t2\t3\t\\N\t700\nx\t4\t0\t701\n"

    assert move_numbers(rows, 2, 900) == b"1\\t2\t3\t\\N\t-201\nx\t4\t0\t-200\n"
    assert move_numbers(rows, 0, 900) == rows


def test_a_carriage_return_in_a_value_ends_no_row() -> None:
    """COPY escapes it; other bytes that Python's text knows as line ends stand as they are."""
    rows = "a\N{LINE SEPARATOR}b\x0b\x0cc\t5\n".encode()

    assert move_numbers(rows, 1, 900) == "a\N{LINE SEPARATOR}b\x0b\x0cc\t-896\n".encode()
