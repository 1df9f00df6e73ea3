"""The split of a doodle is fixed for ever by its id."""

from random import Random
from uuid import UUID

import pytest

from doodle_db.splits import TEST_SHARE_PERCENT, split_of


@pytest.mark.parametrize(
    ("doodle_id", "expected"),
    [
        (UUID(int=0), "train"),
        (UUID(int=8), "test"),
        (UUID("ffffffff-ffff-ffff-ffff-ffffffffffff"), "train"),
    ],
)
def test_known_ids_keep_their_split(doodle_id: UUID, expected: str) -> None:
    """Changing the rule would let versions train on the holdout of earlier ones: these may never change."""
    assert split_of(doodle_id) == expected


def test_the_test_split_has_its_share() -> None:
    """Of many random ids the stated share is held out (three standard deviations of 20,000 draws: 0.8 points)."""
    random = Random(1)

    held_out = sum(split_of(UUID(int=random.getrandbits(128))) == "test" for _ in range(20_000))

    assert abs(held_out / 200 - TEST_SHARE_PERCENT) < 0.8
