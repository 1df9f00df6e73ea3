"""Runs in pages: filtered, sorted, a page at a time however many there are."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Double, Row, Select, and_, cast, func, literal, or_, select, tuple_

from doodle_db.list_places import refuse_place
from doodle_db.run_orders import Kind
from doodle_db.runs import RunState
from doodle_db.tables import runs

SortKey = Literal["created_at", "accuracy", "loss", "seconds", "priority"]

MAX_LISTED = 100


@dataclass(frozen=True)
class RunFilter:
    """
    Which runs are wanted; what is None does not matter.

    Attributes:
        state: theirs.
        kind: theirs. None: all but trials, unless a search is asked for.
        network: its name.
        search: whose trials they are.
        words: stand in the key, who asked for it, why, the notes or the error, in any case.
    """

    state: RunState | None = None
    kind: Kind | None = None
    network: str | None = None
    search: UUID | None = None
    words: str | None = None

    def to_rule(self) -> ColumnElement[bool]:
        """Give it as a condition on rows."""
        rules: list[ColumnElement[bool]] = []
        for column, wanted in (
            (runs.c.state, self.state),
            (runs.c.network, self.network),
            (runs.c.search, self.search),
        ):
            if wanted is not None:
                rules.append(column == wanted)
        if self.kind is not None:
            rules.append(runs.c.kind == self.kind)
        elif self.search is None:
            rules.append(runs.c.kind != "trial")
        if self.words:
            texts = (
                cast(runs.c.key, runs.c.reason.type),
                runs.c.requested_by,
                runs.c.reason,
                runs.c.notes,
                runs.c.error,
            )
            rules.append(or_(*[each.icontains(self.words, autoescape=True) for each in texts]))
        return and_(*rules) if rules else literal(value=True)


@dataclass(frozen=True)
class RunOrderBy:
    """
    In which order.

    Attributes:
        key: by what.
        is_descending: whether the highest comes first; what has no such number comes last either way.
    """

    key: SortKey = "created_at"
    is_descending: bool = True


def list_page(
    connection: Connection, wanted: RunFilter, order: RunOrderBy, at_most: int, after: UUID | None = None
) -> tuple[list[Row[Any]], UUID | None]:
    """
    List a page of runs.

    Args:
        connection: any.
        wanted: which runs.
        order: in which order; where that is the same, by age in the same direction.
        at_most: runs in the page, MAX_LISTED at most.
        after: the last run of the page before.

    Returns:
        The runs, and the last one of them if more follow.

    Raises:
        InvalidError: there is no run `after`.
    """
    place = _place(order)
    statement: Select[Any] = select(runs).where(wanted.to_rule())
    if after is not None:
        _require_run(connection, after)
        there = tuple_(*[select(each).where(runs.c.key == after).scalar_subquery() for each in place])
        statement = statement.where(tuple_(*place) < there if order.is_descending else tuple_(*place) > there)
    directed = [each.desc() if order.is_descending else each.asc() for each in place]
    found = list(connection.execute(statement.order_by(*directed).limit(at_most + 1)))
    page = found[:at_most]
    return page, page[-1].key if len(found) > at_most else None


def _require_run(connection: Connection, after: UUID) -> None:
    if connection.execute(select(runs.c.key).where(runs.c.key == after)).first() is None:
        raise refuse_place("cursor")


def _place(order: RunOrderBy) -> tuple[ColumnElement[Any], ...]:
    last = literal(float("-inf") if order.is_descending else float("inf"), Double)
    return func.coalesce(cast(_VALUES[order.key], Double), last), runs.c.created_at, runs.c.key


def _first_measured(figure: str) -> ColumnElement[Any]:
    """Give a figure of the test split, or of the first holdout of a run that is older than that figure."""
    of_test = runs.c.metrics[("test", figure)].as_float()
    recent, base = (runs.c.metrics[("candidate", holdout, figure)].as_float() for holdout in ("recent", "base"))
    return func.coalesce(of_test, recent, base)


_VALUES: dict[SortKey, ColumnElement[Any]] = {
    "created_at": func.extract("epoch", runs.c.created_at),
    "accuracy": _first_measured("accuracy"),
    "loss": _first_measured("log_loss"),
    "seconds": func.extract("epoch", runs.c.finished_at - runs.c.started_at),
    "priority": runs.c.priority,
}
