"""GET and POST /reviews: what runs have screened out, and what an operator decides about that or any other doodle."""

import base64
from typing import Annotated, Any, Literal, cast, get_args
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from sqlalchemy import Row

from doodle_db.contributors import name_contributor
from doodle_db.errors import InvalidError
from doodle_db.gallery_place import parse_place
from doodle_db.labels import read_label_set
from doodle_db.reviews import Action, Decree, State, Why, count_reviews, list_reviews, review
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from doodle_web.request_body import Body, read_body
from doodle_web.request_body import Reason as Sentence
from model_server.doodle_body import CANONICAL_UUID
from model_server.gallery import review_as_json
from model_server.page_limit import read_limit
from model_server.parts import current_parts

reviews = Blueprint("reviews", __name__)

DEFAULT_PAGE = 20
MAX_PAGE = 100
MAX_IDS = 100

REASONS: tuple[str, ...] = get_args(Why)
STATES: tuple[str, ...] = get_args(State)


def _read_id(value: object) -> UUID:
    if not isinstance(value, str) or not CANONICAL_UUID.fullmatch(value):
        raise PydanticCustomError("uuid", "Expected the id of a doodle.")
    return UUID(value)


def _check_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) != len(ids):
        raise PydanticCustomError("twice", "Expected each id once.")
    return ids


class ReviewBody(Body):
    """What an operator decides about some doodles."""

    ids: Annotated[
        list[Annotated[UUID, BeforeValidator(_read_id)]],
        Field(min_length=1, max_length=MAX_IDS),
        AfterValidator(_check_once),
    ]
    action: Literal["accept", "reject", "relabel", "undo"]
    label: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    reason: Sentence


@reviews.get("/reviews")
@operator_only
def show_page() -> Response:
    """Show a page of doodles that were screened out, newest first, with the reason for each."""
    query = request.args
    state = cast(State, _read_choice("state", STATES) or "open")
    reason, label, cursor = _read_choice("reason", REASONS), query.get("label"), query.get("cursor")
    after = None if cursor is None else parse_place(cursor, "cursor")
    with current_context().engine.connect() as connection:
        if label is not None:
            read_label_set(connection, current_parts().settings.label_set).check_label(label)
        rows, following = list_reviews(
            connection, state, num=read_limit(DEFAULT_PAGE, MAX_PAGE), reason=reason, label=label, after=after
        )
        counts = count_reviews(connection, state)
    return jsonify(
        reviews=[_as_json(row) for row in rows],
        next=str(following) if following else None,
        counts={each: counts.get(each, 0) for each in REASONS},
    )


@reviews.post("/reviews")
@operator_only
def decide() -> Response:
    """Decide about doodles, all or nothing; no later screening changes it."""
    body = read_body(ReviewBody)
    with current_context().engine.begin() as connection:
        label_set = read_label_set(connection, current_parts().settings.label_set)
        check_label(body.action, body.label, label_set.names)
        decree = Decree(body.action, body.label, body.reason, g.operator, current_context().clock())
        rows = review(connection, body.ids, decree)
    return jsonify(
        reviews=[
            {"id": str(row.id), "status": row.status, "label": row.label, "review": review_as_json(row)} for row in rows
        ]
    )


def check_label(action: Action, label: str | None, label_names: tuple[str, ...]) -> None:
    """
    Make sure that a label comes with the action that needs one, and with no other.

    Raises:
        InvalidError: it does not; its field is `label`.
    """
    if action != "relabel" and label is not None:
        raise InvalidError(f"`{action}` leaves the label as it is; leave `label` out, or relabel.", field="label")
    if action == "relabel" and label not in label_names:
        raise InvalidError(f"Expected the label it really shows; one of {', '.join(label_names)}.", field="label")


def _read_choice(name: str, choices: tuple[str, ...]) -> str | None:
    value = request.args.get(name)
    if value is not None and value not in choices:
        raise InvalidError(f"Expected one of {', '.join(choices)}.", field=name)
    return value


def _as_json(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "label": row.label,
        "status": row.status,
        "bitmap": base64.b64encode(row.bitmap).decode(),
        "height": row.height,
        "width": row.width,
        "split": row.split,
        "guess": row.guess,
        "confidence": row.confidence,
        "model_version": row.model_version,
        "contributor": name_contributor(row.contributor),
        "created_at": row.created_at.isoformat(),
        "reason": row.reason,
        "words": row.words,
        "suggestion": row.suggestion,
        "numbers": row.numbers,
        "run": str(row.run) if row.run else None,
        "screener": row.screener,
        "screened_at": row.screened_at.isoformat(),
        "review": review_as_json(row),
    }
