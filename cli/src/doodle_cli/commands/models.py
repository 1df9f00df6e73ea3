"""models, deployments, deploy, rollback: which version is live, which was, which shall be."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.table import format_age, format_percent, format_table


@click.command()
@server_options
@json_option
def models(url: str | None, home: Path | None, as_json: bool) -> None:
    """List the versions, the live one first, then newest first."""
    with find_server(url, home).connect() as client:
        content = client.get("/api/v1/models")
    if as_json:
        show_json(content)
    else:
        click.echo(format_models(content["models"], datetime.now(UTC)))
        if content.get("next"):
            click.echo("There are older ones; the page's Models view and GET /api/v1/models list them, too.")


def format_models(versions: list[dict[str, Any]], now: datetime) -> str:
    """
    Set the versions in a table.

    Args:
        versions: as the API lists them.
        now: the time.
    """
    headers = ["", "version", "network", "parameters", "base accuracy", "recent accuracy", "verdict", "parent", "made"]
    rows = [
        [
            "live" if version["live"] else "",
            version["version"],
            version["network"]["name"],
            version["num_parameters"],
            format_percent(_find_accuracy(version, "base")),
            format_percent(_find_accuracy(version, "recent")),
            (version.get("verdict") or {}).get("outcome"),
            version["parent_version"],
            format_age(version["created_at"], now),
        ]
        for version in versions
    ]
    return format_table(headers, rows)


def _find_accuracy(version: dict[str, Any], holdout: str) -> float | None:
    measured = (version.get("metrics") or {}).get(holdout) or {}
    return measured.get("accuracy")


@click.command()
@server_options
@json_option
def deployments(url: str | None, home: Path | None, as_json: bool) -> None:
    """Show the history: what went live when, by whom, and why."""
    with find_server(url, home).connect() as client:
        content = client.get("/api/v1/deployments")
    if as_json:
        show_json(content)
        return
    now = datetime.now(UTC)
    headers = ["no", "version", "in place of", "kind", "by", "when", "reason"]
    rows = [
        [
            line["deployment"],
            line["version"],
            line["previous_version"],
            line["kind"],
            line["actor"],
            format_age(line["created_at"], now),
            line["reason"],
        ]
        for line in content["deployments"]
    ]
    click.echo(format_table(headers, rows))


@click.command()
@click.argument("version")
@click.option("--reason", required=True, help="Why, for those who read the history.")
@server_options
@json_option
def deploy(version: str, reason: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Make VERSION live."""
    _deploy({"version": version, "reason": reason}, (url, home), as_json)


@click.command()
@click.option("--reason", default="Rolled back by hand.", show_default=True, help="Why.")
@server_options
@json_option
def rollback(reason: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Make the version live that was live before."""
    _deploy({"version": "previous", "reason": reason}, (url, home), as_json)


def _deploy(wish: dict[str, str], where: tuple[str | None, Path | None], as_json: bool) -> None:
    with find_server(*where).connect() as client:
        line = client.post("/api/v1/deployments", wish)
    if as_json:
        show_json(line)
    else:
        click.echo(f"{line['version']} is live, in place of {line['previous_version']} ({line['kind']}).")
