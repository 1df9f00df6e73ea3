"""The document of the HTTP API: every route stands in it, its examples are true, and the page has the newest one."""

import json
from typing import Any

import pytest
from flask import Flask

import model_server.operations
import training_server.operations
from doodle_testing.api_document import WRITTEN_TO, make_document, make_model_server, make_training_server
from doodle_testing.contract import adapter_of
from doodle_web.openapi import Operation, merge_documents

UNSEEN = {"metrics.show_metrics", "internal.trigger"}
"""nginx lets nobody ask for them."""

TWICE = {"health.show_health", "health.show_readiness"}
"""Both services have them; nginx shows model_server's."""

ALL = {**model_server.operations.OPERATIONS, **training_server.operations.OPERATIONS}


def endpoints_of(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()} - UNSEEN


def test_every_route_is_described() -> None:
    """A route without a description is a route that programs cannot find."""
    assert endpoints_of(make_model_server()) == set(model_server.operations.OPERATIONS)
    assert endpoints_of(make_training_server()) - TWICE == set(training_server.operations.OPERATIONS)


@pytest.mark.parametrize("endpoint", sorted(ALL))
def test_examples_are_what_they_say(endpoint: str) -> None:
    """An example that is refused, or that no route would answer, teaches the wrong thing."""
    operation: Operation = ALL[endpoint]
    for answer in operation.answers.values():
        if answer.content is not None:
            adapter_of(answer.content).validate_json(json.dumps(answer.example))
    for query in operation.query:
        if query.example is not None:
            adapter_of(query.content).validate_python(query.example)


def test_every_operation_says_what_it_does() -> None:
    """The summary is the view's docstring."""
    document = make_document()
    without = [
        (path, method)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not operation["summary"]
    ]
    assert not without


def test_the_page_has_the_newest_document() -> None:
    """`make openapi` writes it; it is committed because the pages are built where there is no Python."""
    assert json.loads(WRITTEN_TO.read_text()) == make_document()


def test_references_lead_somewhere() -> None:
    """Nothing refers to a schema that is not there."""
    document = make_document()
    schemas = document["components"]["schemas"]

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(each) for each in value.values()))
        return set[str]().union(*(references(each) for each in value)) if isinstance(value, list) else set()

    assert {each.rsplit("/", 1)[1] for each in references(document)} <= set(schemas)


def test_one_name_means_one_thing() -> None:
    """Two services that call different things by one name are not merged."""
    first = {"paths": {}, "components": {"schemas": {"Reason": {"type": "string"}}}}
    second = {"paths": {}, "components": {"schemas": {"Reason": {"type": "integer"}}}}

    with pytest.raises(ValueError, match="different things by Reason"):
        merge_documents({}, [first, second])
