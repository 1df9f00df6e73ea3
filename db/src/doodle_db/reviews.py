"""What operators decide about users' doodles; it stands until they undo it, whatever is screened."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, select, tuple_, update

from doodle_db.errors import NothingToUndoError, UnknownDoodleError
from doodle_db.gallery_place import Place
from doodle_db.tables import CURRENT_TRANSACTION, doodle_ids, doodles, reviews, screenings

Action = Literal["accept", "reject", "relabel", "undo"]

State = Literal["open", "unused", "reviewed"]

Why = Literal["label", "unknown", "contributor", "duplicate", "share", "operator"]
"""Why a doodle is in a list of reviews: a screening's reason, or that an operator has picked it in the gallery."""

NO_SCREENER = 0
"""Stands where the version of a screening's rules does."""


@dataclass(frozen=True)
class Decree:
    """
    What an operator decides.

    Attributes:
        action: accept as labelled, reject, accept under another label, or go back to before anybody had decided.
        label: for `relabel`; None otherwise.
        reason: for those who read the history.
        operator: who decides.
        now: the time.
    """

    action: Action
    label: str | None
    reason: str
    operator: str
    now: datetime


def review(connection: Connection, ids: Sequence[UUID], decree: Decree) -> list[Row[Any]]:
    """
    Decide about users' doodles, screened out or not, all or nothing; what stands already is left as it is.

    What is accepted anew gets a new number for the watermark: the next run learns from it, however long ago it was
    drawn.

    Args:
        connection: with an open transaction, rolled back by the caller on any error.
        ids: each once.
        decree: what is decided about all of them.

    Returns:
        Each as it is now, in order: id, label, status, and the decision that stands; see list_reviews.

    Raises:
        UnknownDoodleError: no user's doodle has one of the ids; its field is `ids[<index>]`.
        NothingToUndoError: nobody has decided about one.
    """
    before = _lock(connection, ids)
    for index, doodle in enumerate(ids):
        if doodle not in before:
            raise UnknownDoodleError("There is no user's doodle of that id.", field=f"ids[{index}]")
        if decree.action == "undo" and before[doodle].review is None:
            raise NothingToUndoError(field=f"ids[{index}]")
        _decide(connection, before[doodle], decree)
    after = {row.id: row for row in connection.execute(_listed().where(_are(before.values())))}
    return [after[doodle] for doodle in ids]


def _lock(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """Take the locks a screening takes, in its order: first what was decided, then the doodles."""
    decided = select(screenings.c.doodle).where(screenings.c.doodle.in_(ids)).order_by(screenings.c.doodle)
    connection.execute(decided.with_for_update())
    places = select(doodle_ids).where(doodle_ids.c.id.in_(ids), doodle_ids.c.source == "user")
    theirs = _are(connection.execute(places).all())
    connection.execute(select(doodles.c.id).where(theirs).order_by(doodles.c.id).with_for_update())
    # Looked at only now, as nobody else can pick or screen them any more.
    rows = select(
        doodles.c.id,
        doodles.c.created_at,
        doodles.c.label,
        doodles.c.status,
        screenings.c.outcome,
        screenings.c.review,
        reviews.c.action,
        reviews.c.label_before,
        reviews.c.status_before,
    ).select_from(_WITH_DECISIONS)
    return {row.id: row for row in connection.execute(rows.where(theirs))}


def _are(places: Collection[Any]) -> ColumnElement[bool]:
    # As constants, not as a join: the planner leaves the other partitions out before it looks at them.
    return and_(
        doodles.c.source == "user",
        doodles.c.id.in_({place.id for place in places}),
        doodles.c.created_at.in_({place.created_at for place in places}),
    )


def _decide(connection: Connection, doodle: Row[Any], decree: Decree) -> None:
    stands = doodle.review is not None
    label_before = doodle.label_before if stands else doodle.label
    status_before = doodle.status_before if stands else doodle.status
    label, status = _outcome(decree, label_before, status_before)
    if stands and (doodle.action, doodle.label) == (decree.action, label):
        return
    row = {
        "doodle": doodle.id,
        "action": decree.action,
        "label_before": label_before,
        "status_before": status_before,
        "label": label,
        "status": status,
        "operator": decree.operator,
        "reason": decree.reason,
        "reviewed_at": decree.now,
    }
    number = connection.execute(insert(reviews).values(row).returning(reviews.c.review)).scalar_one()
    _let_stand(connection, doodle, None if decree.action == "undo" else number, decree.now)
    values: dict[str, Any] = {"label": label, "status": status, "status_reason": _status_reason(decree, status)}
    if is_learnt_anew(decree.action, doodle.outcome, (doodle.label, doodle.status), (label, status)):
        values["recorded_xid"] = CURRENT_TRANSACTION
    is_it = and_(doodles.c.id == doodle.id, doodles.c.created_at == doodle.created_at, doodles.c.source == "user")
    connection.execute(update(doodles).where(is_it).values(values))


def _let_stand(connection: Connection, doodle: Row[Any], number: int | None, now: datetime) -> None:
    """Let a decision stand, or none; as long as one does, a doodle that no run has screened out is noted as picked."""
    if doodle.outcome is None:
        connection.execute(insert(screenings).values(_pick(doodle, number, now)))
    elif doodle.outcome == "picked" and number is None:
        connection.execute(delete(screenings).where(screenings.c.doodle == doodle.id))
    else:
        connection.execute(update(screenings).where(screenings.c.doodle == doodle.id).values(review=number))


def _pick(doodle: Row[Any], number: int | None, now: datetime) -> dict[str, Any]:
    return {
        "doodle": doodle.id,
        "created_at": doodle.created_at,
        "outcome": "picked",
        "reason": "operator",
        "words": "Picked in the gallery.",
        "numbers": {},
        "screener": NO_SCREENER,
        "screened_at": now,
        "review": number,
    }


def is_learnt_anew(action: Action, outcome: str | None, before: tuple[str, str], after: tuple[str, str]) -> bool:
    """
    Tell whether a decision makes a doodle new to training.

    Args:
        action: what was decided.
        outcome: of its screening; None or `picked`: no run has left it out.
        before, after: its label and status.

    >>> is_learnt_anew("accept", "quarantined", ("cat", "quarantined"), ("cat", "accepted"))
    True
    >>> is_learnt_anew("accept", None, ("cat", "accepted"), ("cat", "accepted"))
    False
    """
    was_left_out = outcome in {"quarantined", "unused"} and action in {"accept", "relabel"}
    return after[1] == "accepted" and (was_left_out or before != after)


def _outcome(decree: Decree, label_before: str, status_before: str) -> tuple[str, str]:
    """Tell label and status after a decision."""
    if decree.action == "undo":
        return label_before, status_before
    if decree.action == "reject":
        return label_before, "rejected"
    return decree.label or label_before, "accepted"


def _status_reason(decree: Decree, status: str) -> str | None:
    return None if status == "accepted" else f"{decree.action}: {decree.reason}"


_WITH_DECISIONS = doodles.outerjoin(
    screenings, and_(screenings.c.doodle == doodles.c.id, screenings.c.created_at == doodles.c.created_at)
).outerjoin(reviews, reviews.c.review == screenings.c.review)


def list_reviews(
    connection: Connection,
    state: State,
    *,
    num: int,
    reason: str | None = None,
    label: str | None = None,
    after: Place | None = None,
) -> tuple[list[Row[Any]], Place | None]:
    """
    List doodles that were screened out or picked, the latest drawn first; a page costs the same at any depth.

    Args:
        connection: any.
        state: waiting for somebody to look, unused without a need to look, or decided by an operator.
        num: how many at most.
        reason: for this reason only.
        label: of this label only.
        after: where the page before ended; None begins with the newest.

    Returns:
        The rows, and where the next page begins; None when this one is the last.
    """
    found = _listed().where(_is_in(state))
    if reason is not None:
        found = found.where(screenings.c.reason == reason)
    if label is not None:
        found = found.where(doodles.c.label == label)
    if after is not None:
        found = found.where(tuple_(screenings.c.created_at, screenings.c.doodle) < tuple_(after.created_at, after.id))
    in_order = found.order_by(screenings.c.created_at.desc(), screenings.c.doodle.desc()).limit(num + 1)
    rows = list(connection.execute(in_order))
    last = rows[num - 1] if len(rows) > num else None
    return rows[:num], Place(last.created_at, last.id) if last else None


def count_reviews(connection: Connection, state: State) -> dict[str, int]:
    """Count the doodles of a state by reason; reasons without any are left out."""
    counted = select(screenings.c.reason, func.count()).where(_is_in(state)).group_by(screenings.c.reason)
    return {row[0]: int(row[1]) for row in connection.execute(counted)}


def _is_in(state: State) -> ColumnElement[bool]:
    if state == "reviewed":
        return screenings.c.review.is_not(None)
    outcome = "quarantined" if state == "open" else "unused"
    return and_(screenings.c.review.is_(None), screenings.c.outcome == outcome)


def _listed() -> Select[Any]:
    shown = (
        doodles.c.id,
        doodles.c.label,
        doodles.c.status,
        doodles.c.bitmap,
        doodles.c.height,
        doodles.c.width,
        doodles.c.split,
        doodles.c.guess,
        doodles.c.confidence,
        doodles.c.model_version,
        doodles.c.contributor,
        doodles.c.created_at,
        screenings.c.reason,
        screenings.c.words,
        screenings.c.numbers,
        screenings.c.suggestion,
        screenings.c.run,
        screenings.c.screener,
        screenings.c.screened_at,
        reviews.c.action,
        reviews.c.label_before,
        reviews.c.reason.label("review_reason"),
        reviews.c.operator,
        reviews.c.reviewed_at,
    )
    return select(*shown).select_from(_WITH_DECISIONS).where(doodles.c.source == "user")
