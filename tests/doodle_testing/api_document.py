"""
Writes frontend/public/openapi.json, what the page at /api/docs shows: `make openapi`.

It belongs to neither service: each describes its own routes, and neither may import the other.
"""

import json
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine

import model_server.app
import model_server.config
import training_server.app
import training_server.config
from doodle_web.openapi import describe_app, merge_documents
from model_server import operations as of_model_server
from training_server import operations as of_training_server

WRITTEN_TO = Path(__file__).parents[2] / "frontend/public/openapi.json"

NOWHERE = "postgresql://nowhere/none"

INFO = {
    "title": "Doodle Loop",
    "version": "1",
    "description": (
        "Everything is JSON in UTF-8. Every refusal is application/problem+json (RFC 9457); its `errors` name the "
        "inputs at fault.\n\n"
        "nginx stands in front and refuses by itself what is too large (413, 414, 431), what comes for a name that is "
        "not ours (421), and what comes too often (429, with Retry-After).\n\n"
        "Operators send a token, or the cookie that signing in sets; with a cookie, requests that change something "
        "must come from our own pages."
    ),
}


def make_model_server() -> Flask:
    """Make model_server, connected to nothing."""
    told = {"DATABASE_URL": NOWHERE, "CONTRIBUTOR_KEY": "00" * 16}
    return model_server.app.create_app(model_server.config.from_environment(told), _make_engine())


def make_training_server() -> Flask:
    """Make training_server, connected to nothing."""
    told = {"DATABASE_URL": NOWHERE, "ARTIFACT_URL": "/nowhere"}
    return training_server.app.create_app(training_server.config.from_environment(told), _make_engine())


def _make_engine() -> Any:
    return create_engine("postgresql+psycopg2://nowhere/none")


def make_document() -> dict[str, Any]:
    """Describe both services as one."""
    return merge_documents(
        INFO,
        [
            describe_app(make_model_server(), of_model_server.OPERATIONS, of_model_server.PATHS),
            describe_app(make_training_server(), of_training_server.OPERATIONS, of_training_server.PATHS),
        ],
    )


def write_document(to: Path) -> None:
    """Write it as the page fetches it; one key a line, so that a change can be read."""
    to.write_text(json.dumps(make_document(), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_document(WRITTEN_TO)
