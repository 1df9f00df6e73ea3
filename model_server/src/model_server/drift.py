"""GET /drift: whether drawings are still what they were, what that rests on, and how it was before."""

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify
from sqlalchemy import Connection, Row

from doodle_db.drift import SIDES, DriftCheck, find_state_since, list_checks
from doodle_db.drift_samples import NUM_WANTED, count_drawings, read_samples
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from model_server.drift_words import EXPLANATIONS, THRESHOLDS, TITLES, WAITING, describe_check, describe_measure
from model_server.page_limit import read_limit
from model_server.parts import current_parts

drift = Blueprint("drift", __name__)

DEFAULT_HISTORY = 200
MAX_HISTORY = 500


@drift.get("/drift")
@operator_only
def show_drift() -> Response:
    """Show the newest check with what it rests on, and the history."""
    limit = read_limit(DEFAULT_HISTORY, MAX_HISTORY)
    with current_context().engine.connect() as connection:
        checks = list_checks(connection, at_most=limit)
        since = find_state_since(connection)
        latest = _check_as_json(connection, checks[0]) if checks else None
        # Once there were enough, nobody needs to know how many there are.
        num_drawings = NUM_WANTED if checks else count_drawings(connection, current_parts().settings.label_set)
    return jsonify(
        state=checks[0].state if checks else "waiting",
        words=describe_check(checks[0]) if checks else WAITING,
        since=since.isoformat() if since else None,
        num_drawings=num_drawings,
        num_wanted=NUM_WANTED,
        latest=latest,
        history=[_summary_as_json(check) for check in checks],
        thresholds=THRESHOLDS,
    )


def _check_as_json(connection: Connection, check: DriftCheck) -> dict[str, Any]:
    chosen = check.pictures["samples"]
    return {
        **_summary_as_json(check),
        "num_present": check.num_present,
        "num_reference": check.num_reference,
        "present_from": check.present_from.isoformat(),
        "present_to": check.present_to.isoformat(),
        "reference_from": check.reference_from.isoformat(),
        "reference_to": check.reference_to.isoformat(),
        "measures": [
            {
                **asdict(each),
                "title": TITLES[each.name],
                "words": describe_measure(each),
                "explanation": EXPLANATIONS[each.name],
            }
            for each in check.measures
        ],
        "labels": check.pictures["labels"],
        "ink": check.pictures["ink"],
        "confidence": check.pictures.get("confidence"),
        "samples": {
            "chosen_by": chosen["chosen_by"],
            **{side: _read_drawings(connection, chosen[side]) for side in SIDES},
        },
    }


def _summary_as_json(check: DriftCheck) -> dict[str, Any]:
    return {
        "created_at": check.created_at.isoformat(),
        "state": check.state,
        "finding": check.finding,
        "version": check.version,
        "values": {each.name: each.value for each in check.measures},
    }


def _read_drawings(connection: Connection, ids: Sequence[str]) -> list[dict[str, Any]]:
    return [_drawing_as_json(row) for row in read_samples(connection, [UUID(each) for each in ids])]


def _drawing_as_json(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "label": row.label,
        "bitmap": base64.b64encode(row.bitmap).decode(),
        "height": row.height,
        "width": row.width,
        "created_at": row.created_at.isoformat(),
    }
