"""Asks routes what their description allows, and what it does not: schemathesis, seeded and bounded."""

from typing import Any

import schemathesis
from flask import Flask, jsonify
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema

from doodle_testing.model_server import OPERATOR

NUM_EXAMPLES = 20
"""For each operation, of what is allowed and of what is not: a second or so."""


def load_schema(app: Flask, document: dict[str, Any]) -> OpenApiSchema:
    """Let an app be asked by its description."""
    app.add_url_rule("/openapi.json", "openapi", lambda: jsonify(document))
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def find_operation(schema: OpenApiSchema, name: str) -> APIOperation[Any, Any, Any, Any]:
    """Find an operation by its id."""
    return schema.find_operation_by_id(name)


def ask_as_described(operation: APIOperation[Any, Any, Any, Any], *, has_more_rules: bool = False) -> None:
    """
    Ask again and again, with what is allowed and with what is not.

    Args:
        operation: what to ask.
        has_more_rules: whether it refuses (422) what its description allows, by rules JSON Schema has no words for:
            labels that exist, fields that go together.

    Raises:
        Exception: an answer is a fault of ours, or is not described; or the route took what it must refuse.
    """
    _ask(operation, GenerationMode.POSITIVE, [positive_data_acceptance] if has_more_rules else [])
    if operation.body or operation.query or operation.path_parameters:
        _ask(operation, GenerationMode.NEGATIVE, [])


def _ask(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, excluded: list[Any]) -> None:
    @settings(
        max_examples=NUM_EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(headers=OPERATOR, excluded_checks=excluded)

    ask()
