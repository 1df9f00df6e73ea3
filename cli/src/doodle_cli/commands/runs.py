"""runs, run, cancel: watching runs, and what is written down about them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.run_follower import ENDED, follow
from doodle_cli.run_words import format_log, format_run, format_runs

STATES = ("waiting", "running", *sorted(ENDED))
KINDS = ("delta", "scratch", "trial")
SORTS = ("created_at", "accuracy", "loss", "seconds", "priority")


@click.command()
@click.option("--state", type=click.Choice(STATES), help="Only runs in this state.")
@click.option("--kind", type=click.Choice(KINDS), help="Only runs of this kind.  [default: all but trials]")
@click.option("--network", help="Only runs that train this network.")
@click.option("--search", help="Only trials of the search of this key.")
@click.option(
    "--sort", type=click.Choice([*SORTS, *[f"-{key}" for key in SORTS]]), help="By what; - the highest first."
)
@click.option("--limit", type=click.IntRange(1, 100), help="How many.  [default: 50]")
@server_options
@json_option
def runs(url: str | None, home: Path | None, as_json: bool, **wanted: Any) -> None:
    """List the runs, newest first."""
    query = urlencode({name: value for name, value in sorted(wanted.items()) if value is not None})
    with find_server(url, home).connect() as client:
        content = client.get(f"/api/v1/train?{query}" if query else "/api/v1/train")
    if as_json:
        show_json(content)
    else:
        click.echo(format_runs(content["runs"], datetime.now(UTC)))


@click.command()
@click.argument("key")
@click.option("--wait", is_flag=True, help="Show the progress, and end when the run has ended.")
@click.option("--log", "with_log", is_flag=True, help="Show what its workers told, line by line.")
@click.option("--notes", help="Write this about it, in place of what stood there.")
@click.option("--priority", type=click.IntRange(-10, 10), help="Let it come sooner, the higher, while it waits.")
@server_options
@json_option
def run(
    key: str, wait: bool, with_log: bool, url: str | None, home: Path | None, as_json: bool, **written: Any
) -> None:
    """Show the run KEY, or write something about it."""
    with find_server(url, home).connect() as client:
        for name, value in written.items():
            if value is not None:
                client.put(f"/api/v1/train/{key}/{name}", {name: value})
        if wait:
            follow(client, key, as_json=as_json)
            return
        content = client.get(f"/api/v1/train/{key}/log" if with_log else f"/api/v1/train/{key}")
    if as_json:
        show_json(content)
    else:
        click.echo(format_log(content["lines"]) if with_log else format_run(content, datetime.now(UTC)))


@click.command()
@click.argument("key")
@server_options
def cancel(key: str, url: str | None, home: Path | None) -> None:
    """Ask the run KEY to stop."""
    with find_server(url, home).connect() as client:
        client.delete(f"/api/v1/train/{key}")
    click.echo(f"Asked {key} to stop.")
