"""The client: every refusal is one clear line."""

from collections.abc import Callable

import httpx
import pytest

from doodle_cli.client import Client
from doodle_cli.errors import ProblemError, ServerUnreachableError


def answer_with(respond: Callable[[httpx.Request], httpx.Response]) -> Client:
    """Make a client of a server that answers so."""
    return Client("http://server.example/", "t0ken", httpx.MockTransport(respond))


def test_an_operator_shows_the_token() -> None:
    """The token goes into the header, and nowhere else."""
    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"workers": []})

    with answer_with(respond) as client:
        assert client.get("/api/v1/workers") == {"workers": []}

    assert str(seen[0].url) == "http://server.example/api/v1/workers"
    assert seen[0].headers["Authorization"] == "Bearer t0ken"


def test_an_empty_answer_is_none() -> None:
    """204 has no JSON."""
    with answer_with(lambda _: httpx.Response(204)) as client:
        assert client.delete("/api/v1/train/x") is None


def test_nobody_at_the_address_is_said_with_what_to_do() -> None:
    """The most frequent failure of all names its remedy."""

    def respond(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused")

    with (
        answer_with(respond) as client,
        pytest.raises(ServerUnreachableError, match=r"server\.example \(Connection refused\).*make up.*DOODLE_URL"),
    ):
        client.get("/")


@pytest.mark.parametrize(
    ("status", "problem", "line"),
    [
        (
            422,
            {
                "detail": "2 fields are wrong.",
                "errors": [{"field": "a", "detail": "is x"}, {"field": "b", "detail": "y"}],
            },
            "2 fields are wrong. [a: is x; b: y] (422 Unprocessable Entity)",
        ),
        (
            409,
            {"detail": "Another is live.", "errors": [{"field": "expected_live", "detail": "Another is live."}]},
            "Another is live. [expected_live] (409 Conflict)",
        ),
        (404, {"detail": "There is no such run."}, "There is no such run. (404 Not Found)"),
        (503, {"title": "Service Unavailable"}, "Service Unavailable (503 Service Unavailable)"),
        (401, {"detail": "Sign in."}, "The operator's token is missing or wrong: set DOODLE_TOKEN"),
        (500, ["what"], "Something else than a Doodle Loop server answers there"),
    ],
)
def test_a_refusal_is_one_line_that_names_the_fields(status: int, problem: object, line: str) -> None:
    """Problem details become a sentence; a field's fault is not said twice."""
    client = answer_with(lambda _: httpx.Response(status, json=problem))
    with client, pytest.raises(ProblemError) as refused:
        client.post("/api/v1/deployments", {})

    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


def test_another_program_at_the_address_is_recognised() -> None:
    """An HTML page is no answer of ours."""
    client = answer_with(lambda _: httpx.Response(404, text="<h1>Apache</h1>"))
    with client, pytest.raises(ProblemError, match="Something else"):
        client.get("/api/v1/stats")
