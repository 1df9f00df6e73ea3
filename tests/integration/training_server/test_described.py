"""Every route keeps to its description, whatever somebody sends who has read nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from schemathesis.specs.openapi.schemas import OpenApiSchema

from doodle_db.engine import connect_to
from doodle_db.operators import set_operator
from doodle_testing.model_server import TOKEN
from doodle_testing.strangers import ask_as_described, find_operation, load_schema
from doodle_testing.training_server import make_live, store_new
from doodle_web.openapi import describe_app, merge_documents
from training_server.app import create_app
from training_server.config import from_environment
from training_server.operations import OPERATIONS, PATHS

MORE_RULES = {
    "runs.change_priority": "a whole number is written without a fraction",
    "runs.order_run": "a network's arguments are its own",
    "runs.show_runs": "a place in the list is one that was given out",
    "searches.extend": "of methods one is extended by this, the others by that",
    "searches.make_candidate": "a trial's number is written without a point",
    "searches.order": "a configuration's properties are the networks'",
    "searches.show_plan": "a configuration's properties are the networks'",
    "versions.delete": "the name stands twice",
    "versions.show_comparison": "the two versions differ",
}


@pytest.fixture(scope="module")
def schema(postgres: Any, queue_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenApiSchema]:
    """The service's description, on a database with something live, something new and an operator."""
    url = postgres.create_database(queue_template)
    engine = connect_to(url)
    with engine.begin() as connection:
        set_operator(connection, "ada", TOKEN)
    make_live(engine)
    store_new(engine, 3)
    artifacts: Path = tmp_path_factory.mktemp("artifacts")
    app = create_app(from_environment({"DATABASE_URL": url, "ARTIFACT_URL": str(artifacts)}), engine)
    document = merge_documents({"title": "training_server", "version": "1"}, [describe_app(app, OPERATIONS, PATHS)])
    yield load_schema(app, document)
    engine.dispose()
    postgres.drop_database(url)


@pytest.mark.parametrize("endpoint", sorted(OPERATIONS))
def test_a_route_is_what_it_says(schema: OpenApiSchema, endpoint: str) -> None:
    """No fault of ours, no undescribed answer; what is not allowed is refused."""
    operation = find_operation(schema, endpoint.replace(".", "_"))
    ask_as_described(operation, has_more_rules=endpoint in MORE_RULES)
