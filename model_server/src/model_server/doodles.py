"""POST /doodles: stored once, acknowledged after the commit. PUT /doodles/<id>/label: its contributor corrects it."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from pydantic import ValidationError
from werkzeug.exceptions import ServiceUnavailable

from doodle_db.doodles import StoreOutcome, correct_label
from doodle_db.errors import DoodleConflictError
from doodle_db.label_sets import LabelSet
from doodle_web.context import current_context
from doodle_web.request_body import read_json
from model_server.client_address import hash_address
from model_server.doodle_body import DoodleBody, LabelBody, is_about_labels, read_bodies, to_doodle
from model_server.errors import StoreBusyError
from model_server.parts import current_parts

doodles = Blueprint("doodles", __name__)

RETRY_AFTER_SECONDS = 1

Checked = TypeVar("Checked")


@doodles.post("/doodles")
def store() -> tuple[Response, int]:
    """
    Store one doodle or a batch, all or nothing.

    Asked twice, with the same ids and content, it answers 200 the second time and stores nothing more.
    """
    label_set = current_parts().settings.label_set
    content = read_json()
    bodies, is_batch = check(lambda labels: read_bodies(content, labels))
    contributor = find_contributor()
    try:
        with current_parts().tracing.span("store doodles"):
            outcomes = current_parts().group_commit.store([to_doodle(body, label_set, contributor) for body in bodies])
    except DoodleConflictError as conflict:
        conflict.field = conflict.field if is_batch else "id"
        raise
    except StoreBusyError as busy:
        raise ServiceUnavailable(str(busy), retry_after=RETRY_AFTER_SECONDS) from busy
    # The transaction is committed: from here on it may be acknowledged.
    current_parts().metrics.count_doodles(bodies, outcomes)
    status = 200
    if "stored" in outcomes:
        current_parts().trigger.wake()
        status = 201
    return jsonify(_as_answer(bodies, outcomes, is_batch=is_batch)), status


def _as_answer(bodies: list[DoodleBody], outcomes: list[StoreOutcome], *, is_batch: bool) -> dict[str, object]:
    told: list[dict[str, object]] = [
        {"id": str(body.id), "outcome": outcome} for body, outcome in zip(bodies, outcomes, strict=True)
    ]
    return {"doodles": told} if is_batch else told[0]


@doodles.put("/doodles/<uuid:doodle_id>/label")
def correct(doodle_id: UUID) -> Response:
    """Change the label of one of the client's own doodles; training sees it anew."""
    content = read_json()
    body = check(lambda labels: LabelBody.model_validate(content, context=labels))
    with current_context().engine.begin() as connection:
        correct_label(connection, doodle_id, body.label, find_contributor())
    return jsonify(id=str(doodle_id), label=body.label)


def check(validate: Callable[[LabelSet], Checked]) -> Checked:
    """
    Check what was sent against the labels there are; they are read anew before one of them is refused.

    Args:
        validate: given a label set, makes of the body what it should be.

    Raises:
        ValidationError: it breaks a rule.
    """
    labels = current_parts().labels
    known = labels.current
    try:
        return validate(known)
    except ValidationError as refused:
        if not is_about_labels(refused) or labels.refresh() == known:
            raise
    return validate(labels.current)


def find_contributor() -> bytes:
    """Give the contributor who sends the present request."""
    return hash_address(current_parts().settings.contributor_key, request.remote_addr)
