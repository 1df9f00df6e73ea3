"""What the gallery's filters say, as a query has them."""

import pytest
from werkzeug.datastructures import MultiDict

from doodle_db.errors import InvalidError
from doodle_db.label_sets import load_label_set
from model_server.gallery_query import read_filter

LABEL_SET = load_label_set("animals")


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-01-02T05:00:00+02:00", 3),
        ("2026-01-03T02:00:00+23:00", 3),
        ("2026-01-01T04:00:00-23:00", 3),
        ("2026-01-02T05:00:00.5+02:00:00.5", 3),
        ("2026-01-02T03:00:00Z", 3),
        ("2026-01-02", 0),
    ],
)
def test_times_are_told_in_utc(text: str, hour: int) -> None:
    """An offset may be anything below a day; PostgreSQL knows none beyond 16 hours, nor parts of a second."""
    read = read_filter(MultiDict({"from": text}), LABEL_SET)

    assert str(read.since) == f"2026-01-02 {hour:02}:00:00+00:00"


@pytest.mark.parametrize("field", ["from", "to"])
@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:00:00-02:00", "2026-01-02T03:04:05"])
def test_a_time_that_utc_does_not_have_is_refused(field: str, text: str) -> None:
    """It is no error of ours that its year is none, nor that its zone is not known."""
    with pytest.raises(InvalidError) as refused:
        read_filter(MultiDict({field: text}), LABEL_SET)

    assert refused.value.field == field
