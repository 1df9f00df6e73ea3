"""Who may steer: nothing secret is stored, codes work once, time runs out."""

import pytest
from sqlalchemy import Engine, text

from doodle_db.operators import (
    CODE_LIFETIME,
    COOKIE_LIFETIME,
    end_session,
    find_operator_by_cookie,
    find_operator_by_token,
    issue_code,
    redeem_code,
    set_operator,
)
from doodle_testing.builders import SOME_TIME

TOKEN, CODE, COOKIE = "the-token", "the-code", "the-cookie"


@pytest.fixture
def operator(engine: Engine) -> Engine:
    """One operator called anna, with a code to sign in."""
    with engine.begin() as connection:
        set_operator(connection, "anna", TOKEN)
        issue_code(connection, "anna", CODE, SOME_TIME)
    return engine


def test_a_token_tells_its_operator(operator: Engine) -> None:
    """And nothing else does."""
    with operator.connect() as connection:
        assert find_operator_by_token(connection, TOKEN) == "anna"
        assert find_operator_by_token(connection, "") is None
        assert find_operator_by_token(connection, TOKEN + " ") is None


def test_a_code_becomes_a_cookie_once(operator: Engine) -> None:
    """A sign-in link that somebody finds later opens nothing."""
    with operator.begin() as connection:
        assert redeem_code(connection, CODE, COOKIE, SOME_TIME) == "anna"
        assert redeem_code(connection, CODE, "another", SOME_TIME) is None
        assert find_operator_by_cookie(connection, COOKIE, SOME_TIME) == "anna"


def test_codes_and_cookies_run_out(operator: Engine) -> None:
    """To the second."""
    with operator.begin() as connection:
        assert redeem_code(connection, CODE, COOKIE, SOME_TIME + CODE_LIFETIME) is None
        assert redeem_code(connection, CODE, COOKIE, SOME_TIME) == "anna"
        assert find_operator_by_cookie(connection, COOKIE, SOME_TIME + COOKIE_LIFETIME) is None


def test_a_code_is_no_cookie_and_a_cookie_no_code(operator: Engine) -> None:
    """Each secret opens only its own door."""
    with operator.begin() as connection:
        assert find_operator_by_cookie(connection, CODE, SOME_TIME) is None
        redeem_code(connection, CODE, COOKIE, SOME_TIME)
        assert redeem_code(connection, COOKIE, "another", SOME_TIME) is None
        assert find_operator_by_token(connection, COOKIE) is None


def test_signing_out_ends_the_cookie(operator: Engine) -> None:
    """At once, for every service."""
    with operator.begin() as connection:
        redeem_code(connection, CODE, COOKIE, SOME_TIME)
        end_session(connection, COOKIE)
        assert find_operator_by_cookie(connection, COOKIE, SOME_TIME) is None


def test_a_new_token_ends_the_old_one_and_its_cookies(operator: Engine) -> None:
    """Rotating a token locks out whoever had it; entering the same token again locks out nobody."""
    with operator.begin() as connection:
        redeem_code(connection, CODE, COOKIE, SOME_TIME)
        set_operator(connection, "anna", TOKEN)
        assert find_operator_by_cookie(connection, COOKIE, SOME_TIME) == "anna"

        set_operator(connection, "anna", "rotated")

        assert find_operator_by_token(connection, TOKEN) is None
        assert find_operator_by_token(connection, "rotated") == "anna"
        assert find_operator_by_cookie(connection, COOKIE, SOME_TIME) is None


def test_nothing_secret_is_stored(operator: Engine) -> None:
    """Whoever reads the tables can sign in nowhere."""
    with operator.begin() as connection:
        query = "SELECT operators::text FROM operators UNION ALL SELECT operator_sessions::text FROM operator_sessions"
        rows = connection.execute(text(query))
        stored = " ".join(rows.scalars())

    assert TOKEN.encode().hex() not in stored
    assert CODE.encode().hex() not in stored
    assert TOKEN not in stored
