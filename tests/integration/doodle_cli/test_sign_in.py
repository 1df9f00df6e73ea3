"""sign-in where no `doodle up` runs: the database and the address people open are told by the environment."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from doodle_cli.main import cli
from doodle_db.operators import redeem_code, set_operator

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
