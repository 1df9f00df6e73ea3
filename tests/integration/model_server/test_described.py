"""Every route keeps to its description, whatever somebody sends who has read nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from schemathesis.specs.openapi.schemas import OpenApiSchema

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.operators import set_operator
from doodle_testing.model_server import CONTRIBUTOR_KEY, FIRST, TOKEN, deploy_version
from doodle_testing.paper_networks import store_paper_version
from doodle_testing.strangers import ask_as_described, find_operation, load_schema
from doodle_web.openapi import describe_app, merge_documents
from model_server.app import create_app
from model_server.config import from_environment
from model_server.operations import OPERATIONS, PATHS

ASKED = sorted(set(OPERATIONS) - {"events.open_stream", "exports.send"})
"""A stream never ends, and an export is held until its reader has gone, which this one never says; both have tests."""

MORE_RULES = {
    "doodles.store": "the label is one of the label set, the bitmap has its size and some ink",
    "doodles.correct": "the label is one of the label set",
    "erasures.order": "a whole number is written without a fraction",
    "gallery.show_page": "the label is one of the label set, a place in the list is one that was given out",
    "labels.add": "names, prompts and emoji have rules of their own",
    "predictions.predict": "exactly one of image, strokes and bitmap; the bitmap has its size and some ink",
    "production.show_production": "a stretch of time is one of this age, and not too long",
    "models.list_versions": "a place in the list is one that was given out",
    "reviews.decide": "a label goes with one action and no other, and each id stands once",
    "reviews.show_page": "the label is one of the label set, a place in the list is one that was given out",
    "shadow.decide_shadow": "the shadow is not what is live",
}


@pytest.fixture(scope="module")
def schema(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenApiSchema]:
    """The service's description, on a database with something live and an operator."""
    url = postgres.create_database("migrated")
    engine, folder = connect_to(url), tmp_path_factory.mktemp("versions")
    store = ArtifactStore(str(folder / "artifacts"))
    store_paper_version(engine, store, FIRST, "cat", folder)
    deploy_version(engine, FIRST, None)
    with engine.begin() as connection:
        set_operator(connection, "ada", TOKEN)
    told = {"DATABASE_URL": url, "CONTRIBUTOR_KEY": CONTRIBUTOR_KEY, "ARTIFACT_URL": store.url}
    app = create_app(from_environment(told), engine)
    document = merge_documents({"title": "model_server", "version": "1"}, [describe_app(app, OPERATIONS, PATHS)])
    yield load_schema(app, document)
    engine.dispose()
    postgres.drop_database(url)


@pytest.mark.parametrize("endpoint", ASKED)
def test_a_route_is_what_it_says(schema: OpenApiSchema, endpoint: str) -> None:
    """No fault of ours, no undescribed answer; what is not allowed is refused."""
    ask_as_described(find_operation(schema, endpoint.replace(".", "_")), has_more_rules=endpoint in MORE_RULES)
