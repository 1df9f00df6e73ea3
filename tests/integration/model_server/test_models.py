"""What is live, and which versions there are."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.deletions import delete_version
from doodle_testing.model_server import FIRST, OPERATOR, SECOND, THIRD, deploy_version

LIVE = "/api/v1/models/live"


def test_before_the_first_deployment_there_is_nothing_to_show(client: FlaskClient) -> None:
    """A page that is early is asked to come again."""
    answer = client.get(LIVE)

    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert "Retry-After" in answer.headers


@pytest.mark.usefixtures("versions")
def test_the_live_version_comes_with_all_a_page_needs(client: FlaskClient) -> None:
    """The manifest, where its files lie, and since when."""
    answer = client.get(LIVE)

    shown = answer.json
    assert shown is not None
    assert (shown["version"], shown["base_url"]) == (FIRST, f"/models/{FIRST}/")
    assert shown["manifest"]["version"] == FIRST
    assert answer.headers["ETag"] == f'"{shown["deployment"]}"'
    assert answer.headers["Cache-Control"] == "no-cache"
    assert set(shown) == {"deployment", "version", "base_url", "deployed_at", "manifest", "shadow"}


@pytest.mark.usefixtures("versions")
@pytest.mark.parametrize("weak", ["", "W/"])
def test_who_has_it_is_not_sent_it_again(client: FlaskClient, weak: str) -> None:
    """304 for the same deployment, also when a proxy that compresses has made the tag weak."""
    etag = weak + client.get(LIVE).headers["ETag"]

    answer = client.get(LIVE, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.usefixtures("versions")
def test_a_deployment_shows_at_once_and_so_does_going_back(client: FlaskClient, engine: Engine) -> None:
    """No answer is older than the database, and a version that is live again is another deployment."""
    tag = client.get(LIVE).headers["ETag"]
    deploy_version(engine, SECOND, FIRST)
    second = client.get(LIVE, headers={"If-None-Match": tag})
    deploy_version(engine, FIRST, SECOND)
    again = client.get(LIVE, headers={"If-None-Match": tag})

    assert second.json is not None
    assert (second.status_code, second.json["version"], second.json["manifest"]["version"]) == (200, SECOND, SECOND)
    assert again.json is not None
    assert (again.status_code, again.json["version"]) == (200, FIRST)


@pytest.mark.usefixtures("versions")
def test_operators_see_every_version(client: FlaskClient) -> None:
    """With what they decide on, and which one is live."""
    answer = client.get("/api/v1/models", headers=OPERATOR)

    assert answer.json is not None
    assert {model["version"]: model["live"] for model in answer.json["models"]} == {
        FIRST: True,
        SECOND: False,
        THIRD: False,
    }
    first = answer.json["models"][0]
    assert set(first) == {
        "version", "live", "network", "num_parameters", "label_set", "labels", "parent_version", "run", "metrics",
        "verdict", "files", "needed_for", "created_at",
    }  # fmt: skip
    assert (first["version"], first["verdict"], first["needed_for"]) == (FIRST, None, "it is live")


@pytest.mark.usefixtures("versions")
def test_what_is_deleted_is_not_listed(client: FlaskClient, engine: Engine) -> None:
    """Nor can it be made live; what a rollback leads to is said beside the history."""
    deploy_version(engine, SECOND, FIRST)
    with engine.begin() as connection:
        delete_version(connection, THIRD, actor="ada", reason="a test")

    shown = client.get("/api/v1/models", headers=OPERATOR).json
    refused = client.post("/api/v1/deployments", json={"version": THIRD, "reason": "a test"}, headers=OPERATOR)

    assert shown is not None
    assert [(each["version"], each["needed_for"]) for each in shown["models"]] == [
        (SECOND, "it is live"),
        (FIRST, "a rollback would make it live"),
    ]
    assert refused.status_code == 404
    assert refused.json is not None
    assert refused.json["errors"][0]["field"] == "version"
    history = client.get("/api/v1/deployments", headers=OPERATOR).json
    assert history is not None
    assert history["previous"] == FIRST


@pytest.mark.usefixtures("versions")
def test_versions_come_in_pages(client: FlaskClient, engine: Engine) -> None:
    """Each once, the live one at the very top however old it is; pages end where there are no more."""
    deploy_version(engine, SECOND, FIRST)

    pages, query = [], {"limit": "1"}
    for _ in range(2):
        page = client.get("/api/v1/models", query_string=query, headers=OPERATOR).json
        assert page is not None
        pages.append([each["version"] for each in page["models"]])
        query["cursor"] = page["next"]

    assert pages == [[SECOND, THIRD], [FIRST]]
    assert query["cursor"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("cursor=", "cursor"),
        ("cursor=yesterday_0123456789ab", "cursor"),
        ("cursor=2026-01-02T03:04:05_0123456789ab", "cursor"),
        ("cursor=2026-01-02T03:04:05%2B00:00_latest", "cursor"),
    ],
)
def test_a_page_that_cannot_be_found_is_named(client: FlaskClient, query: str, field: str) -> None:
    """Instead of the wrong one."""
    answer = client.get(f"/api/v1/models?{query}", headers=OPERATOR)

    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
