"""GET and POST /deployments: the history of what was live, and the one way for an operator to add to it."""

from dataclasses import asdict
from typing import Annotated, Any

from flask import Blueprint, Response, g, jsonify
from pydantic import StringConstraints
from sqlalchemy import Connection

from doodle_db.errors import InvalidError
from doodle_db.label_sets import LabelSet
from doodle_db.manifest import Version
from doodle_db.model_registry import (
    Deployment,
    deploy,
    find_live,
    find_previous,
    get_model,
    list_deployments,
    roll_back,
    was_live,
)
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from doodle_web.request_body import Body, Reason, read_body
from model_server.parts import current_parts

deployments = Blueprint("deployments", __name__)

VersionOrPrevious = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{12}|previous)$")]


class DeploymentBody(Body):
    """What should be live, and why."""

    version: VersionOrPrevious
    reason: Reason
    expected_live: Version | None = None


@deployments.get("/deployments")
@operator_only
def show_history() -> Response:
    """List deployments, newest first, and what a rollback would make live."""
    with current_context().engine.connect() as connection:
        history = list_deployments(connection)
        previous = find_previous(connection)
    return jsonify(deployments=[_as_json(line) for line in history], previous=previous)


@deployments.post("/deployments")
@operator_only
def add_deployment() -> tuple[Response, int]:
    """Make a version live, or the one before; 200 if it is live already."""
    body = read_body(DeploymentBody)
    label_set = current_parts().settings.label_set
    with current_context().engine.begin() as connection:
        before = find_live(connection)
        after = apply_deployment(connection, body, before, actor=g.operator, label_set=label_set)
    return jsonify(_as_json(after)), 200 if after == before else 201


def apply_deployment(
    connection: Connection, body: DeploymentBody, live: Deployment | None, *, actor: str, label_set: LabelSet
) -> Deployment:
    """
    Do what an operator asked for.

    Args:
        connection: with an open transaction.
        body: what is asked for.
        live: the latest deployment.
        actor: who asks.
        label_set: what this service's pages draw; a version of another one would know none of their labels.

    Raises:
        UnknownVersionError: there is no such version, or none before.
        LiveModelChangedError: something else is live than expected.
        InvalidError: the version is of another label set.
    """
    if body.version == "previous":
        return roll_back(connection, actor=actor, reason=body.reason, expected_live=body.expected_live)
    model = get_model(connection, body.version)
    if model.label_set != label_set.name:
        raise InvalidError(
            f"Version {body.version} is of the label set {model.label_set}; this service runs {label_set.name}.",
            field="version",
        )
    return deploy(
        connection,
        body.version,
        kind="rollback" if was_live(connection, body.version) else "deploy",
        actor=actor,
        reason=body.reason,
        expected_live=body.expected_live or (live.version if live else None),
    )


def _as_json(deployment: Deployment) -> dict[str, Any]:
    return {**asdict(deployment), "created_at": deployment.created_at.isoformat()}
