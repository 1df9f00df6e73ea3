"""0008 meets versions and deployments: it keeps them, and waits for no reader."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from doodle_db.engine import connect_to
from doodle_db.migrate import is_migrated, migrate
from doodle_db.model_list import list_models
from doodle_db.model_registry import deploy, list_deployments, register_version
from doodle_db.pins import find_pin
from doodle_testing.builders import manifest

FIRST, SECOND = "a" * 12, "b" * 12

FILL = """
    INSERT INTO models (version, label_set, manifest, watermark)
        VALUES (:version, 'animals', CAST(:manifest AS jsonb), 0);
"""

DEPLOY = "INSERT INTO deployments (version, kind, actor, reason) VALUES (:version, 'publish', 'test', 'a test')"


@pytest.fixture
def earlier(empty_database_url: str) -> Iterator[Engine]:
    """A database of the release before, with two versions, one of them live."""
    engine = connect_to(empty_database_url)
    migrate(engine, "0007")
    with engine.begin() as connection:
        for version in (FIRST, SECOND):
            connection.execute(text(FILL), {"version": version, "manifest": manifest(version).model_dump_json()})
        connection.execute(text(DEPLOY), {"version": FIRST})
    yield engine
    engine.dispose()


def test_what_is_there_stays(earlier: Engine) -> None:
    """Every version is listed, what was live is, and runs publish by themselves as before."""
    migrate(earlier)

    with earlier.begin() as connection:
        assert [row.version for row in list_models(connection)[0]] == [FIRST, SECOND]
        assert [line.version for line in list_deployments(connection)] == [FIRST]
        assert find_pin(connection) is None
        deploy(connection, SECOND, kind="publish", actor="test", reason="a test", expected_live=FIRST)


def test_no_reader_is_waited_for(earlier: Engine) -> None:
    """A backup that reads for minutes does not hold it up."""
    with earlier.connect() as reader:
        reader.execute(text("SELECT count(*) FROM models"))

        migrate(earlier)

    with earlier.connect() as connection:
        assert is_migrated(connection)


def test_the_code_of_the_release_before_goes_on(earlier: Engine) -> None:
    """It registers and deploys by the tables it knows."""
    migrate(earlier)

    with earlier.begin() as connection:
        register_version(connection, manifest("c" * 12))
        following = "INSERT INTO deployments (version, kind, actor, reason, previous_deployment) VALUES "
        connection.execute(text(following + "(:version, 'deploy', 'ada', 'a test', 1)"), {"version": SECOND})

    with earlier.connect() as connection:
        assert [line.version for line in list_deployments(connection)] == [SECOND, FIRST]
