"""sign-in where no `doodle up` runs: the database or the server, and the address people open, are told to it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from doodle_cli.main import cli
from doodle_db.operators import redeem_code, set_operator
from doodle_testing.model_server import TOKEN, running_server

PUBLIC = {"DOODLE_URL": "http://inside:8080", "DOODLE_PUBLIC_URL": "https://doodles.example/"}


@pytest.mark.parametrize(
    ("arguments", "environment", "address"),
    [
        ([], PUBLIC, "https://doodles.example"),
        ([], {"DOODLE_URL": "http://inside:8080"}, "http://inside:8080"),
        (["--url", "http://elsewhere"], PUBLIC, "http://elsewhere"),
    ],
)
def test_the_link_leads_where_people_go(
    database_url: str, engine: Engine, tmp_path: Path, arguments: list[str], environment: dict[str, str], address: str
) -> None:
    """Inside a container the way to the server is another than the operator's."""
    with engine.begin() as connection:
        set_operator(connection, "operator", "x" * 64)

    printed = CliRunner().invoke(
        cli, ["sign-in", "--home", str(tmp_path), *arguments], env={"DATABASE_URL": database_url, **environment}
    )

    link, _, code = printed.output.strip().partition("#sign-in=")
    assert link == f"{address}/console.html", printed.output
    with engine.begin() as connection:
        assert redeem_code(connection, code, "cookie", datetime.now(UTC)) == "operator"


def test_with_a_token_alone_the_server_is_asked(database_url: str, engine: Engine, tmp_path: Path) -> None:
    """As docs/cloud.md has it typed: the database is out of reach there."""
    with running_server(database_url, tmp_path / "log", MODEL_SERVER_PROCESSES="1") as server:
        arguments = ["sign-in", "--home", str(tmp_path), "--url", server.url]
        printed = CliRunner().invoke(cli, arguments, env={"DOODLE_TOKEN": TOKEN, "DATABASE_URL": ""})

    link, _, code = printed.output.strip().partition("#sign-in=")
    assert link == f"{server.url}/console.html", printed.output
    with engine.begin() as connection:
        assert redeem_code(connection, code, "cookie", datetime.now(UTC)) == "operator"
