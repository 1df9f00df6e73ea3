"""Runs in pages: whatever the filter and the order, every run stands on one page, once."""

from datetime import timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, update

from doodle_db.errors import InvalidError
from doodle_db.run_list import RunFilter, RunOrderBy, SortKey, list_page
from doodle_db.run_orders import RunOrder, enter_run
from doodle_db.tables import runs
from doodle_testing.builders import SOME_TIME

ACCURACIES = (0.5, None, 0.9, 0.7, 0.9, None, 0.1)


def enter(engine: Engine, number: int, accuracy: float | None) -> UUID:
    """Enter a run; those with an accuracy have finished."""
    key, created = uuid4(), SOME_TIME + timedelta(minutes=number // 2)
    order = RunOrder("operator", "ada", f"try {number}", kind="scratch", dataset="base", network="mlp", priority=number)
    ended: dict[str, Any] = {
        "state": "finished",
        "verdict": {"outcome": "rejected"},
        "metrics": {"test": {"accuracy": accuracy, "log_loss": 1.0}},
        "started_at": created,
        "finished_at": created + timedelta(seconds=number),
    }
    with engine.begin() as connection:
        enter_run(connection, key, order)
        facts = {"created_at": created, **(ended if accuracy else {})}
        connection.execute(update(runs).where(runs.c.key == key).values(facts))
    return key


@pytest.fixture
def keys(engine: Engine) -> list[UUID]:
    """Some runs, two of them always of the same moment."""
    return [enter(engine, number, accuracy) for number, accuracy in enumerate(ACCURACIES)]


def pages_of(engine: Engine, order: RunOrderBy, at_most: int) -> list[list[Any]]:
    """Go from page to page."""
    pages, after = [], None
    with engine.connect() as connection:
        while True:
            page, after = list_page(connection, RunFilter(), order, at_most, after)
            pages.append(page)
            if after is None:
                return pages


def test_every_run_stands_on_one_page(engine: Engine, keys: list[UUID]) -> None:
    """In the same order, however long the pages, also where runs are alike or have no such number."""
    for key in get_args(SortKey):
        for is_descending in (True, False):
            order = RunOrderBy(key, is_descending)
            (whole,) = pages_of(engine, order, 100)
            paged = pages_of(engine, order, 2)

            assert [run.key for page in paged for run in page] == [run.key for run in whole], order
            assert {run.key for run in whole} == set(keys)
            assert [len(page) for page in paged] == [2, 2, 2, 1]
    for is_descending, expected in ((True, [0.9, 0.9, 0.7, 0.5, 0.1]), (False, [0.1, 0.5, 0.7, 0.9, 0.9])):
        (page,) = pages_of(engine, RunOrderBy("accuracy", is_descending), 100)
        found = [run.metrics["test"]["accuracy"] if run.metrics else None for run in page]
        # What has no such number comes last either way.
        assert found == [*expected, None, None]


def test_filters(engine: Engine, keys: list[UUID]) -> None:
    """Words are words, not patterns, and case does not matter."""
    with engine.begin() as connection:
        enter_run(connection, uuid4(), RunOrder("operator", "eve", "100% sure"))
        for wanted, number in (
            (RunFilter(), 8),
            (RunFilter(state="finished"), 5),
            (RunFilter(kind="delta"), 1),
            (RunFilter(network="mlp"), 7),
            (RunFilter(words="TRY 3"), 1),
            (RunFilter(words=str(keys[2])[:13]), 1),
            (RunFilter(words="100%"), 1),
            (RunFilter(words="0%"), 1),
            (RunFilter(words="no such"), 0),
        ):
            page, _ = list_page(connection, wanted, RunOrderBy(), 100)
            assert len(page) == number, wanted
        with pytest.raises(InvalidError, match="page before"):
            list_page(connection, RunFilter(), RunOrderBy(), 10, uuid4())
