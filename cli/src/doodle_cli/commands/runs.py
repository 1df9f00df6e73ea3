"""train, runs, run, cancel: training by hand, and watching it."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from doodle_cli.client import Client
from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.errors import CliError
from doodle_cli.progress import describe_progress, describe_verdict
from doodle_cli.table import format_age, format_table

ENDED = frozenset({"finished", "failed", "cancelled"})
POLL_SECONDS = 0.5


@click.command()
@click.option("--epochs", type=click.IntRange(1), help="How often to go through the drawings.")
@click.option("--batch-size", type=click.IntRange(1), help="Drawings per step.")
@click.option("--learning-rate", type=click.FloatRange(0, min_open=True), help="How far each step goes.")
@click.option("--seed", type=click.IntRange(0), help="The same seed and drawings give the same candidate.")
@click.option("--reason", default="", help="Why, for those who read the list of runs.")
@click.option("--worker", help="The only worker that may take it, by name.")
@click.option("--wait", is_flag=True, help="Show the progress, and end when the run has ended.")
@server_options
@json_option
def train(wait: bool, url: str | None, home: Path | None, as_json: bool, **asked: Any) -> None:
    """Queue a run; if one waits already, that one it is."""
    with find_server(url, home).connect() as client:
        queued = client.post("/api/v1/train", make_order(**asked))
        if words := explain_queued(queued, asked["worker"]):
            click.echo(words, err=True)
        if wait:
            _follow(client, queued["key"], as_json)
        elif as_json:
            show_json(queued)
        else:
            click.echo(f"{queued['key']} is {queued['state']}; `doodle run {queued['key']} --wait` follows it.")


def make_order(reason: str, worker: str | None, **arguments: Any) -> dict[str, Any]:
    """
    Write an order for a run; what was not asked for is left to the server.

    >>> make_order(reason="", worker="colab-1", epochs=3, seed=None)
    {'train_args': {'epochs': 3}, 'worker': 'colab-1'}
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    order = {"train_args": given, "reason": reason, "worker": worker}
    return {name: value for name, value in order.items() if value}


def explain_queued(queued: dict[str, Any], worker: str | None) -> str | None:
    """
    Say what is not as it was ordered; None if all is.

    Args:
        queued: what the API answered.
        worker: the one that was asked for; None: any.

    >>> explain_queued({"sent_to": None, "note": None}, "colab-1")
    'A run waits already, for any worker; this order changed nothing.'
    """
    if worker is not None and queued.get("sent_to") != worker:
        return f"A run waits already, for {queued.get('sent_to') or 'any worker'}; this order changed nothing."
    note: str | None = queued.get("note")
    return note


@click.command()
@server_options
@json_option
def runs(url: str | None, home: Path | None, as_json: bool) -> None:
    """List the runs, newest first."""
    with find_server(url, home).connect() as client:
        content = client.get("/api/v1/train")
    if as_json:
        show_json(content)
    else:
        click.echo(format_runs(content["runs"], datetime.now(UTC)))


def format_runs(listed: list[dict[str, Any]], now: datetime) -> str:
    """
    Set runs in a table.

    Args:
        listed: as the API lists them.
        now: the time.
    """
    headers = ["key", "state", "asked by", "new", "queued", "what came of it"]
    rows = [
        [
            run["key"],
            run["state"],
            run["requested_by"],
            run["num_new_doodles"],
            format_age(run["created_at"], now),
            describe_verdict(run) or describe_progress(run),
        ]
        for run in listed
    ]
    return format_table(headers, rows)


@click.command()
@click.argument("key")
@click.option("--wait", is_flag=True, help="Show the progress, and end when the run has ended.")
@server_options
@json_option
def run(key: str, wait: bool, url: str | None, home: Path | None, as_json: bool) -> None:
    """Show the run KEY."""
    with find_server(url, home).connect() as client:
        if wait:
            _follow(client, key, as_json)
            return
        content = client.get(f"/api/v1/train/{key}")
    if as_json:
        show_json(content)
    else:
        click.echo(format_run(content, datetime.now(UTC)))


def format_run(content: dict[str, Any], now: datetime) -> str:
    """
    Show a run and, if there is one, its verdict check by check.

    Args:
        content: the run as the API shows it.
        now: the time.
    """
    facts = [
        ("key", content["key"]),
        ("state", content["state"]),
        ("asked by", f"{content['requested_by']} ({content['trigger']}) {content['reason'] or ''}".rstrip()),
        ("queued", format_age(content["created_at"], now)),
        ("worker", content["worker"]),
        ("sent to", content.get("sent_to")),
        ("waits", content.get("note")),
        ("progress", describe_progress(content)),
        ("doodles", f"{content['num_new_doodles']} new, {content['num_replay_doodles']} replayed"),
        ("parent", content["parent_version"]),
        ("candidate", content["candidate_version"]),
        ("verdict", describe_verdict(content)),
    ]
    checks = (content["verdict"] or {}).get("checks", [])
    lines = [f"{name:<11}{value}" for name, value in facts if value]
    return "\n".join([*lines, *[f"  {'+' if check['passed'] else '-'} {check['words']}" for check in checks]])


@click.command()
@click.argument("key")
@server_options
def cancel(key: str, url: str | None, home: Path | None) -> None:
    """Ask the run KEY to stop."""
    with find_server(url, home).connect() as client:
        client.delete(f"/api/v1/train/{key}")
    click.echo(f"Asked {key} to stop.")


def _follow(client: Client, key: str, as_json: bool) -> None:
    try:
        content = _show_until_ended(client, key, quiet=as_json)
    except KeyboardInterrupt:
        raise CliError(f"The run goes on without you; `doodle run {key} --wait` comes back to it.") from None
    if as_json:
        show_json(content)
    else:
        click.echo(format_run(content, datetime.now(UTC)))
    if content["state"] != "finished":
        raise CliError(f"The run has {content['state']}: {content['error'] or 'no reason was given'}")


def _show_until_ended(client: Client, key: str, *, quiet: bool) -> dict[str, Any]:
    shown = ""
    while True:
        content: dict[str, Any] = client.get(f"/api/v1/train/{key}")
        line = f"{content['state']}  {describe_progress(content) or ''}".rstrip()
        if line != shown and not quiet:
            click.echo(line, err=True)
            shown = line
        if content["state"] in ENDED:
            return content
        time.sleep(POLL_SECONDS)
