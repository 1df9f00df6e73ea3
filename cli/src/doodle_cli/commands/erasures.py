"""erase, erasures: everything of a contributor goes for good."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from doodle_cli.client import Client
from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.errors import CliError
from doodle_cli.table import format_age, format_table

ERASURES = "/api/v1/erasures"

LOOK_SECONDS = 0.5
LOOKS = 120


@click.command()
@click.argument("contributor")
@click.option("--reason", required=True, help="Why; it is kept, so it should name nobody.")
@click.option("--yes", is_flag=True, help="Do it; without it, only what would go is shown.")
@server_options
def erase(contributor: str, reason: str, yes: bool, url: str | None, home: Path | None) -> None:
    """Erase everything of CONTRIBUTOR: eight digits, as the gallery shows them; more where several share those.

    Doodles, what was decided about them, their pictures in reports. Versions that may have learnt from them, and
    backups, stay: the former are named.
    """
    with find_server(url, home).connect() as client:
        found = client.get(f"/api/v1/contributors/{contributor}")["contributors"]
        for each in found:
            click.echo(describe_contributor(each))
        if len(found) > 1:
            raise CliError(f"{len(found)} contributors are called {contributor}; give as many digits as one of these.")
        if not yes:
            click.echo("They would go for good; take a look at them first, and say --yes.")
            return
        (who,) = found
        order = {"contributor": who["contributor"], "confirm": who["num_doodles"], "reason": reason}
        click.echo(describe_erasure(_wait(client, client.post(ERASURES, order))))


def _wait(client: Client, erasure: dict[str, Any]) -> dict[str, Any]:
    """Wait until it is finished, or somebody else must come to an end first."""
    for _ in range(LOOKS):
        if erasure["state"] == "finished" or erasure["waits_for"]:
            break
        time.sleep(LOOK_SECONDS)
        erasure = client.get(f"{ERASURES}/{erasure['erasure']}")
    return erasure


def describe_contributor(found: dict[str, Any]) -> str:
    """
    Say what there is of a contributor.

    >>> describe_contributor({"contributor": "5f1c03aa" * 8, "num_doodles": 2, "first_at": "2026-01-02T03:04:05+00:00",
    ...     "last_at": "2026-01-03T03:04:05+00:00", "versions": []})
    '5f1c03aa5f1c03aa: 2 doodles from 2026-01-02 to 2026-01-03; no version has learnt from them'
    """
    learnt = ", ".join(found["versions"])
    stays = f"may have been learnt by {learnt}" if learnt else "no version has learnt from them"
    when = f"from {found['first_at'][:10]} to {found['last_at'][:10]}"
    return f"{found['contributor'][:16]}: {found['num_doodles']} doodles {when}; {stays}"


def describe_erasure(erasure: dict[str, Any]) -> str:
    """
    Say how far an erasure is.

    >>> describe_erasure({"state": "finished", "num_doodles": 2, "num_pictures": 1, "versions": [], "waits_for": []})
    '2 doodles and 1 pictures in reports are gone.'
    """
    gone = f"{erasure['num_doodles']} doodles and {erasure['num_pictures']} pictures in reports are gone"
    if erasure["state"] == "finished":
        learnt = ", ".join(erasure["versions"])
        return f"{gone}. May have been learnt by: {learnt}." if learnt else f"{gone}."
    runs = ", ".join(erasure["waits_for"])
    return f"{gone} so far; it goes on by itself" + (f", when these runs have ended: {runs}." if runs else ".")


@click.command("erasures")
@server_options
@json_option
def list_(url: str | None, home: Path | None, as_json: bool) -> None:
    """List what was erased, newest first; nothing tells of whom."""
    with find_server(url, home).connect() as client:
        content = client.get(ERASURES)
    if as_json:
        show_json(content)
        return
    now = datetime.now(UTC)
    rows = [
        [each["erasure"], format_age(each["created_at"], now), each["operator"], describe_erasure(each), each["reason"]]
        for each in content["erasures"]
    ]
    click.echo(format_table(["", "ordered", "by", "what", "why"], rows))
