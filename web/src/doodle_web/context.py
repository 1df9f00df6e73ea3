"""What the routes of a service share: the database and the clock, put in place by create_app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, current_app
from sqlalchemy import Engine

_KEY = "doodle_web"


def read_clock() -> datetime:
    """Tell the time, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class WebContext:
    """
    What doodle_web needs of the service it serves.

    Attributes:
        engine: the database.
        clock: tells the time; tests bring their own.
    """

    engine: Engine
    clock: Callable[[], datetime] = read_clock


def attach_context(app: Flask, context: WebContext) -> None:
    """Give an app its context; create_app does so once."""
    app.extensions[_KEY] = context


def current_context() -> WebContext:
    """Give the context of the app that answers the present request."""
    context: WebContext = current_app.extensions[_KEY]
    return context
