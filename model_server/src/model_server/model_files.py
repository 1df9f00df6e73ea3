"""GET /models/<version>/<file>: a version's files, where nginx has no folder to read them from."""

import logging

from flask import Blueprint, Response, request

from doodle_db.errors import ArtifactStoreError
from doodle_db.stored_files import media_type_of
from doodle_web.json_logs import log_event
from doodle_web.problems import Problem, problem_response
from model_server.version_files import VersionFiles

logger = logging.getLogger(__name__)

FOREVER = "public, max-age=31536000, immutable"
"""A version is named by its content; nginx says the same of the files it reads by itself."""

RETRY_AFTER_SECONDS = 2


def model_files_blueprint(files: VersionFiles) -> Blueprint:
    """
    Make the route.

    Args:
        files: where the content comes from.
    """
    blueprint = Blueprint("model_files", __name__)

    @blueprint.get("/models/<version>/<path>")
    def show_file(version: str, path: str) -> Response:
        """Fetch a file of a version."""
        try:
            file = files.read(version, path)
        except ArtifactStoreError as away:
            log_event(logger, logging.ERROR, "artifact_store_unreachable", version=version, reason=str(away))
            return _put_off()
        response = Response(file.content, content_type=media_type_of(path))
        response.headers["Cache-Control"] = FOREVER
        response.set_etag(file.sha256)
        response.make_conditional(request)
        return response

    return blueprint


def _put_off() -> Response:
    """Say when to ask again; why, and which store, is for the log only."""
    detail = "The versions' files cannot be reached just now; try again in a moment."
    return problem_response(Problem(503, detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)}))
