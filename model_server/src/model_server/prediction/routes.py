"""POST /predict: what a drawing, or a picture of one, shows; nothing is stored."""

import logging
from typing import Any, NoReturn

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import ServiceUnavailable, UnsupportedMediaType

from doodle_db.errors import ArtifactError, ArtifactStoreError, InvalidError
from doodle_web.json_logs import log_event
from model_server.parts import current_parts
from model_server.prediction.body import MAX_JSON_BYTES, MAX_PICTURE_BYTES, MEDIA_TYPES
from model_server.prediction.errors import NoStoreError, PredictBusyError

logger = logging.getLogger(__name__)

predictions = Blueprint("predictions", __name__)

RETRY_AFTER_SECONDS = 2

QUERY = frozenset({"top_k", "version"})


@predictions.post("/predict")
def predict() -> Response:
    """
    Say what a drawing shows: of a picture, strokes or a bitmap; or of up to 64 of them.

    A picture may be the body itself; then `top_k` and `version` stand in the address. Nothing of it is stored.
    """
    request.max_content_length = MAX_PICTURE_BYTES if request.mimetype in MEDIA_TYPES else MAX_JSON_BYTES
    predictor = current_parts().predictor
    try:
        with current_parts().tracing.span("predict"), predictor.hold_large(request.content_length) as has_turn:
            return jsonify(predictor.answer(_read_question(), has_turn=has_turn))
    except (PredictBusyError, NoStoreError) as refused:
        raise ServiceUnavailable(str(refused), retry_after=RETRY_AFTER_SECONDS) from refused
    except ArtifactError as unusable:
        _put_off(unusable)


def _read_question() -> Any:
    """Read the body: JSON, or a picture as if it stood in JSON with what stands in the address."""
    if request.mimetype in MEDIA_TYPES:
        return {"image": request.get_data(cache=False), **_read_query()}
    if request.mimetype != "application/json":
        raise UnsupportedMediaType(f"Send JSON, or a picture as {', '.join(MEDIA_TYPES)}; Content-Type says which.")
    if named := sorted(QUERY & request.args.keys()):
        raise InvalidError(f"Beside a body of JSON, {named[0]} stands in the body.", field=named[0])
    return current_parts().predictor.parse(request.get_data(cache=False))


def _read_query() -> dict[str, Any]:
    given: dict[str, Any] = {name: request.args[name] for name in QUERY & request.args.keys()}
    top_k = given.get("top_k", "")
    if top_k.isascii() and top_k.isdigit() and len(top_k) <= 3:
        given["top_k"] = int(top_k)
    return given


def _put_off(unusable: Exception) -> NoReturn:
    """Say when to ask again; why, and which store, is for the log only."""
    event = "artifact_store_unreachable" if isinstance(unusable, ArtifactStoreError) else "version_not_usable"
    log_event(logger, logging.ERROR, event, reason=str(unusable))
    raise ServiceUnavailable(
        "The version cannot be asked just now; try again in a moment.", retry_after=RETRY_AFTER_SECONDS
    ) from unusable
