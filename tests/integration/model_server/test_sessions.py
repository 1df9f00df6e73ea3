"""A one-time code becomes a cookie, and the cookie an operator."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from doodle_db.operators import CODE_LIFETIME, COOKIE_LIFETIME, issue_code
from doodle_db.tables import operator_sessions
from doodle_testing.model_server import OPERATOR, Clock

URL = "/api/v1/session"
OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def code(app: object, engine: Engine, clock: Clock) -> str:
    """A code that ada may use."""
    with engine.begin() as connection:
        issue_code(connection, "ada", "the-code", clock())
    return "the-code"


def test_a_code_signs_in_once(client: FlaskClient, code: str) -> None:
    """The link is worth nothing to whoever finds it in a history later."""
    first = client.post(URL, json={"code": code})
    again = client.post(URL, json={"code": code})

    assert (first.status_code, again.status_code) == (204, 401)
    assert client.get(URL).json == {"operator": "ada"}


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: FlaskClient, code: str, engine: Engine) -> None:
    """HttpOnly, Strict, for the API only; and the database does not know it."""
    answer = client.post(URL, json={"code": code})

    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/api/v1", "Max-Age=2592000"))
    assert "Secure" not in cookie
    secret = cookie.split("=", 1)[1].split(";")[0]
    with engine.connect() as connection:
        assert secret.encode() not in bytes(connection.execute(select(operator_sessions.c.secret_hash)).scalar_one())


def test_over_https_the_cookie_stays_on_https(client: FlaskClient, code: str) -> None:
    """The proxy says how the browser came."""
    answer = client.post(URL, json={"code": code}, headers={"X-Forwarded-Proto": "https"})

    assert "Secure" in answer.headers["Set-Cookie"]


def test_codes_and_cookies_expire(client: FlaskClient, code: str, engine: Engine, clock: Clock) -> None:
    """A code lasts minutes, a cookie weeks."""
    client.post(URL, json={"code": code})
    clock.advance(COOKIE_LIFETIME - timedelta(seconds=1))
    still = client.get(URL).status_code
    clock.advance(timedelta(seconds=1))
    ended = client.get(URL).status_code
    with engine.begin() as connection:
        issue_code(connection, "ada", "another", clock())
    clock.advance(CODE_LIFETIME)
    too_late = client.post(URL, json={"code": "another"}).status_code

    assert (still, ended, too_late) == (200, 401, 401)


def test_signing_out_ends_the_cookie_everywhere(client: FlaskClient, code: str) -> None:
    """A copy of the cookie is worth nothing afterwards."""
    cookie = client.post(URL, json={"code": code}).headers["Set-Cookie"].split(";")[0]

    answer = client.delete(URL, headers=OUR_PAGE)

    assert answer.status_code == 204
    assert client.get(URL).status_code == 401
    client.set_cookie(*cookie.split("=", 1), path="/api/v1")
    assert client.get(URL).status_code == 401


def test_another_sites_page_cannot_use_the_cookie(client: FlaskClient, code: str) -> None:
    """A browser may be made to send it; the service asks from where."""
    client.post(URL, json={"code": code})

    foreign = client.post(
        "/api/v1/deployments", json={"version": "previous", "reason": "x"}, headers={"Origin": "https://x.example"}
    )
    ours = client.post("/api/v1/deployments", json={"version": "previous", "reason": "x"}, headers=OUR_PAGE)

    assert (foreign.status_code, ours.status_code) == (403, 503)


@pytest.mark.parametrize("body", [{"code": ""}, {"code": "x" * 201}, {"code": 1}, {}, {"code": "a", "operator": "b"}])
def test_what_is_no_code_is_refused(client: FlaskClient, body: dict[str, object]) -> None:
    """422 with the field; nothing is looked up."""
    assert client.post(URL, json=body).status_code == 422


def test_a_program_signs_in_with_its_token(client: FlaskClient) -> None:
    """No cookie, no code."""
    assert client.get(URL, headers=OPERATOR).json == {"operator": "ada"}


def test_a_token_gets_a_code_that_works_once(client: FlaskClient) -> None:
    """For a program away from the database; whoever has only a cookie gets none, and nobody else does."""
    given = client.post(f"{URL}/codes", headers=OPERATOR)

    assert (given.status_code, given.headers["Cache-Control"]) == (201, "no-store")
    statuses = [client.post(URL, json={"code": given.json["code"]}).status_code for _ in range(2)]  # type: ignore[index]
    assert statuses == [204, 401]
    assert client.post(f"{URL}/codes", headers=OUR_PAGE).status_code == 403
    client.delete(URL, headers=OUR_PAGE)
    assert client.post(f"{URL}/codes").status_code == 401
