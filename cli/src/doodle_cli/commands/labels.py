"""labels: what there is to draw, and additions to it."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.table import format_table

LABELS = "/api/v1/labels"


@click.group()
def labels() -> None:
    """What there is to draw: list the labels, add one, withdraw one."""


@labels.command("list")
@server_options
@json_option
def list_(url: str | None, home: Path | None, as_json: bool) -> None:
    """List the labels, and whether the live version knows them."""
    with find_server(url, home).connect() as client:
        content = client.get(LABELS)
        if as_json:
            show_json(content)
            return
        stats, live = client.get("/api/v1/stats"), client.get("/api/v1/models/live")
    known = {label["name"] for label in live["manifest"]["labels"]}
    click.echo(format_labels(content["labels"], known, stats["labels"]))


def format_labels(listed: list[dict[str, Any]], known: set[str], counts: dict[str, int]) -> str:
    """
    Set the labels in a table.

    Args:
        listed: as the API lists them.
        known: names of those the live version knows.
        counts: users' accepted doodles by label.
    """
    rows = [
        [
            label["name"],
            label["prompt"],
            label["emoji"],
            counts.get(label["name"], 0),
            "yes" if label["name"] in known else "not yet",
            (label["added_at"] or "")[:10] or "shipped",
        ]
        for label in listed
    ]
    return format_table(["label", "prompt", "emoji", "doodles", "known to the live version", "added"], rows)


@labels.command()
@click.argument("name")
@click.option("--prompt", required=True, help='What stands in "Can you draw ...?", as in "a mouse".')
@click.option("--emoji", required=True, help="One picture sign.")
@server_options
@json_option
def add(name: str, prompt: str, emoji: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Add the label NAME: open pages offer it at once, and runs learn it when there are enough drawings."""
    with find_server(url, home).connect() as client:
        answer = client.post(LABELS, {"name": name, "prompt": prompt, "emoji": emoji})
    if as_json:
        show_json(answer)
    else:
        words = "is a label now" if answer["outcome"] == "added" else "was a label already"
        click.echo(f"{name} {words}. Runs learn it when there are enough drawings of it.")


@labels.command()
@click.argument("name")
@server_options
def withdraw(name: str, url: str | None, home: Path | None) -> None:
    """Withdraw the label NAME, which was added by mistake and which no version knows yet."""
    with find_server(url, home).connect() as client:
        client.delete(f"{LABELS}/{quote(name, safe='')}")
    click.echo(f"{name} is no label any more. What was drawn of it stays stored and trains nothing.")
