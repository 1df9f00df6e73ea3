"""What is done with a version's files over HTTP: compare two, fetch all of one, delete."""

import logging
from dataclasses import asdict
from typing import Annotated, Any

from flask import Blueprint, Response, g, jsonify, request
from pydantic import StringConstraints

from doodle_db.artifacts import ArtifactStore
from doodle_db.errors import ArtifactStoreError, InvalidError
from doodle_db.label_sets import LabelSet
from doodle_db.model_registry import get_manifest
from doodle_web.json_logs import log_event
from doodle_web.operator_auth import operator_only
from doodle_web.problems import Problem, problem_response
from doodle_web.request_body import Body, Reason, read_body
from training_server.clock import read_time
from training_server.errors import ComparerBusyError
from training_server.parts import current_parts
from training_server.version_archive import pack_version
from training_server.version_comparer import VersionComparer
from training_server.version_removal import Decision, read_needs, remove_files, remove_unneeded, remove_version

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 2

VersionOrAll = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{12}|all)$")]


class DeletionBody(Body):
    """What is to be deleted, its name once more, and why."""

    version: VersionOrAll
    confirm: Annotated[str, StringConstraints(max_length=100)]
    reason: Reason


def versions_blueprint(store: ArtifactStore, comparer: VersionComparer) -> Blueprint:
    """
    Make the routes.

    Args:
        store: the versions' files.
        comparer: compares two.
    """
    blueprint = Blueprint("versions", __name__)

    @blueprint.get("/models/<version>/archive")
    @operator_only
    def fetch_archive(version: str) -> Response:
        """Fetch all files of a version as one zip."""
        with current_parts().engine.connect() as connection:
            manifest = get_manifest(connection, version)
        response = Response(pack_version(store, manifest), mimetype="application/zip")
        name = f"doodle-loop-{manifest.label_set}-{version}.zip"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @blueprint.get("/models/<version>/comparison")
    @operator_only
    def show_comparison(version: str) -> Response:
        """Compare a version with another one on the same held-out drawings."""
        other = request.args.get("with", "")
        if other == version:
            raise InvalidError("Expected another version than the one it is compared with.", field="with")
        holdouts = comparer.compare(version, other)
        return jsonify({"version": version, "with": other, "holdouts": [asdict(each) for each in holdouts]})

    @blueprint.post("/models/deletions")
    @operator_only
    def delete() -> Response:
        """Delete a version, or all that nothing needs."""
        body = read_body(DeletionBody)
        _require_confirmed(body, current_parts().settings.label_set)
        return jsonify(_delete(store, body, g.operator))

    @blueprint.errorhandler(ArtifactStoreError)
    def put_off(away: ArtifactStoreError) -> Response:
        """Say when to ask again; why, and which store, is for the log only."""
        log_event(logger, logging.ERROR, "artifact_store_unreachable", reason=str(away))
        return _put_off("The versions' files cannot be reached just now; try again in a moment.")

    @blueprint.errorhandler(ComparerBusyError)
    def put_off_busy(busy: ComparerBusyError) -> Response:
        return _put_off(str(busy))

    return blueprint


def _put_off(detail: str) -> Response:
    return problem_response(Problem(503, detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)}))


def _require_confirmed(body: DeletionBody, label_set: LabelSet) -> None:
    """Refuse what was not meant: the name must be given once more; for all of them, the label set's."""
    expected = label_set.name if body.version == "all" else body.version
    if body.confirm != expected:
        raise InvalidError(f"Expected {expected!r}, to be sure that it is meant.", field="confirm")


def _delete(store: ArtifactStore, body: DeletionBody, operator: str) -> dict[str, Any]:
    engine, decision = current_parts().engine, Decision(operator, body.reason)
    if body.version == "all":
        deleted, kept = remove_unneeded(engine, decision), read_needs(engine)
    else:
        remove_version(engine, body.version, decision)
        deleted, kept = [body.version], {}
    log_event(logger, logging.INFO, "versions_deleted", versions=deleted, operator=operator, reason=body.reason)
    answer = {"deleted": deleted, "kept": [{"version": name, "needed_for": why} for name, why in kept.items()]}
    try:
        remove_files(engine, store, read_time)
    except ArtifactStoreError as away:
        # They are deleted, and nobody sees them; their files go with the next deletion.
        log_event(logger, logging.ERROR, "artifact_store_unreachable", reason=str(away))
        return {**answer, "files_removed": False}
    return {**answer, "files_removed": True}
