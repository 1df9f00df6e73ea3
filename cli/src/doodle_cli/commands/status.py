"""status: everything on one screen."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from doodle_cli.client import Client
from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.commands.versions import PIN, describe_pin
from doodle_cli.errors import ProblemError
from doodle_cli.table import format_age, format_percent, format_table


@click.command()
@server_options
@json_option
def status(url: str | None, home: Path | None, as_json: bool) -> None:
    """Show what is live, what waits, who trains."""
    server = find_server(url, home)
    with server.connect() as client:
        content = read_status(client)
    if as_json:
        show_json(content)
    else:
        click.echo(format_status(server.url, content, datetime.now(UTC)))


def read_status(client: Client) -> dict[str, Any]:
    """Ask a server for everything the screen shows; what only an operator may see is None without a token."""
    content: dict[str, Any] = {"stats": client.get("/api/v1/stats"), "live": _find_live(client)}
    if not client.is_operator:
        return {**content, "pin": None, "runs": None, "workers": None}
    runs, workers = client.get("/api/v1/train")["runs"], client.get("/api/v1/workers")["workers"]
    return {**content, "pin": client.get(PIN), "runs": runs[:1], "workers": workers}


def _find_live(client: Client) -> Any:
    try:
        return client.get("/api/v1/models/live")
    except ProblemError:
        return None


def format_status(url: str, content: dict[str, Any], now: datetime) -> str:
    """
    Set the screen.

    Args:
        url: the server's address.
        content: as read_status gives it.
        now: the time.
    """
    stats, live = content["stats"], content["live"]
    waiting = f"{stats['num_waiting']} new of the {stats['delta_min_doodles']} that start a run"
    facts = [
        ("server", url),
        ("live", _describe_live(live, now) if live else "nothing"),
        *([("pin", describe_pin(content["pin"]))] if content.get("pin") else []),
        ("doodles", f"{stats['num_doodles']}; {waiting}"),
        ("last run", _describe_last_run(content["runs"], now)),
        *[("worker", _describe_worker(worker, now)) for worker in content["workers"] or []],
    ]
    labels = format_table(["label", "doodles"], sorted(stats["labels"].items()))
    return "\n".join([*[f"{name:<10}{value}" for name, value in facts], "", labels])


def _describe_live(live: dict[str, Any], now: datetime) -> str:
    metrics = (live["manifest"].get("metrics") or {}).get("base") or {}
    accuracy = format_percent(metrics.get("accuracy"))
    held_out = f", {accuracy} of held-out base data right" if accuracy else ""
    return f"{live['version']}, deployed {format_age(live['deployed_at'], now)}{held_out}"


def _describe_last_run(runs: list[dict[str, Any]] | None, now: datetime) -> str:
    if runs is None:
        return "an operator's token shows it, and the workers: set DOODLE_TOKEN"
    if not runs:
        return "none"
    run = runs[0]
    verdict = run.get("verdict")
    words = f": {verdict['summary']}" if verdict else ""
    return f"{run['key']} {run['state']}, {format_age(run['created_at'], now)}{words}"


def _describe_worker(worker: dict[str, Any], now: datetime) -> str:
    return f"{worker['name']} on {worker['host']}: {worker['state']}, seen {format_age(worker['heartbeat_at'], now)}"
