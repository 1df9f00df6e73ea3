"""The HTTP API as the commands use it: JSON in, JSON out, and every refusal one clear line."""

from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from doodle_cli.errors import ProblemError, ServerUnreachableError

TIMEOUT_SECONDS = 30.0


class Client:
    """
    A connection to one server; use it as a context.

    Attributes:
        url: the server's address.
        is_operator: whether it shows a token.
    """

    def __init__(self, url: str, token: str | None, transport: httpx.BaseTransport | None = None) -> None:
        """
        Args:
            url: the server's address.
            token: an operator's; None: only what is public can be asked for.
            transport: for tests.
        """
        self.url = url.rstrip("/")
        self.is_operator = token is not None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # A proxy meant for the internet does not know this machine.
        is_local = urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
        self._http = httpx.Client(
            base_url=self.url, headers=headers, timeout=TIMEOUT_SECONDS, transport=transport, trust_env=not is_local
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str) -> Any:
        """Ask for something; see request."""
        return self.request("GET", path)

    def post(self, path: str, content: dict[str, Any]) -> Any:
        """Send something; see request."""
        return self.request("POST", path, content)

    def put(self, path: str, content: dict[str, Any]) -> Any:
        """Put something in place of what is there; see request."""
        return self.request("PUT", path, content)

    def delete(self, path: str) -> Any:
        """Take something back; see request."""
        return self.request("DELETE", path)

    def send(self, path: str, content: bytes, media_type: str) -> Any:
        """
        Send something that is no JSON.

        Args:
            path: from the server's root.
            content: the body.
            media_type: of the body.

        Returns:
            The answer's JSON.

        Raises:
            ServerUnreachableError: nobody answers.
            ProblemError: the server refuses.
        """
        return self._send("POST", path, content=content, headers={"Content-Type": media_type}).json()

    def download(self, path: str) -> bytes:
        """
        Fetch something that is no JSON.

        Raises:
            ServerUnreachableError: nobody answers.
            ProblemError: the server refuses.
        """
        return self._send("GET", path).content

    def fetch(self, path: str, write: Callable[[bytes], object]) -> Mapping[str, str]:
        """
        Fetch something of any size, a piece at a time.

        Args:
            path: from the server's root.
            write: takes each piece.

        Returns:
            The answer's headers, when all is written.

        Raises:
            ServerUnreachableError: nobody answers, or not to the end.
            ProblemError: the server refuses.
        """
        try:
            with self._http.stream("GET", path) as answer:
                if not answer.is_success:
                    answer.read()
                    raise ProblemError(describe_refusal(answer))
                for piece in answer.iter_bytes():
                    write(piece)
                return answer.headers
        except httpx.TransportError as failure:
            raise ServerUnreachableError(f"The answer from {self.url} broke off ({failure}); try again.") from failure

    def request(self, method: str, path: str, content: dict[str, Any] | None = None) -> Any:
        """
        Send a request.

        Args:
            method: of HTTP.
            path: from the server's root.
            content: JSON.

        Returns:
            The answer's JSON; None if it has none.

        Raises:
            ServerUnreachableError: nobody answers.
            ProblemError: the server refuses; the message names the fields.
        """
        answer = self._send(method, path, json=content)
        return answer.json() if answer.content else None

    def _send(self, method: str, path: str, **body: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **body)
        except (httpx.TransportError, httpx.InvalidURL) as failure:
            raise ServerUnreachableError(
                f"No server answers at {self.url} ({failure}). Start one with `make up`, or name another with --url "
                "or DOODLE_URL."
            ) from failure
        if not answer.is_success:
            raise ProblemError(describe_refusal(answer))
        return answer


def describe_refusal(answer: httpx.Response) -> str:
    """
    Say in one line why a request was refused.

    Args:
        answer: with problem details (RFC 9457), or from something that knows none.

    >>> describe_refusal(httpx.Response(422, json={"title": "Unprocessable", "detail": "1 field is wrong.",
    ...     "errors": [{"field": "reason", "detail": "is missing"}]}))
    '1 field is wrong. [reason: is missing] (422 Unprocessable Entity)'
    """
    reason = f"({answer.status_code} {answer.reason_phrase})"
    if answer.status_code == 401:
        return f"The operator's token is missing or wrong: set DOODLE_TOKEN, or --home to the server's home. {reason}"
    try:
        problem = answer.json()
        faults = [f"{error['field']}: {error['detail']}" for error in problem.get("errors", [])]
        detail = str(problem.get("detail") or problem.get("title") or "The server refused.")
    except (ValueError, AttributeError, KeyError, TypeError):
        return f"Something else than a Doodle Loop server answers there; check --url or DOODLE_URL. {reason}"
    # A single fault is often the whole detail; it is not said twice.
    new = [fault for fault in faults if detail not in fault]
    fields = new or [str(error["field"]) for error in problem.get("errors", [])]
    return " ".join([detail, *([f"[{'; '.join(fields)}]"] if fields else []), reason])
