"""Signing in and out with a browser."""

from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from model_server.sessions import CodeBody


class Session(AnswerBody):
    """Who is signed in."""

    operator: str


OPERATIONS = {
    "sessions.sign_in": Operation(
        {204: Answer("Signed in; the cookie is set.")},
        Request(CodeBody, {"code": "as it stands in the sign-in link"}),
        problems={401: "`code`: unknown, used, or too old."},
    ),
    "sessions.show_session": Operation({200: Answer("Signed in.", Session, {"operator": "ada"})}),
    "sessions.sign_out": Operation({204: Answer("Signed out; the cookie is worth nothing.")}),
}
