"""Signing in and out with a browser."""

from datetime import datetime

from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from model_server.sessions import CodeBody

ISSUED = {"code": "pV2c0dQ0bq8rX0m1uYkT5w3zB7hJ6fLs9aGdNeRoKtI", "expires_at": "2026-11-21T12:15:00+00:00"}


class Session(AnswerBody):
    """Who is signed in."""

    operator: str


class IssuedCode(AnswerBody):
    """A one-time code for signing a browser in: `<address>/console.html#sign-in=<code>`."""

    code: str
    expires_at: datetime


OPERATIONS = {
    "sessions.sign_in": Operation(
        {204: Answer("Signed in; the cookie is set.")},
        Request(CodeBody, {"code": "as it stands in the sign-in link"}),
        problems={401: "`code`: unknown, used, or too old."},
    ),
    "sessions.issue": Operation(
        {201: Answer("The code; nobody can ask for it again.", IssuedCode, ISSUED)},
        problems={403: "Asked with a cookie: only a token gets a code."},
    ),
    "sessions.show_session": Operation({200: Answer("Signed in.", Session, {"operator": "ada"})}),
    "sessions.sign_out": Operation({204: Answer("Signed out; the cookie is worth nothing.")}),
}
