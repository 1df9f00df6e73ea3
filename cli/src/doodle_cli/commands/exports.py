"""export: users' doodles as a file, with the gallery's filters."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from doodle_cli.client import Client
from doodle_cli.commands.options import find_server, server_options
from doodle_cli.errors import CliError

EXPORT = "/api/v1/doodles/export"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", type=click.Choice(["ndjson", "npy", "tfrecord"]), default="ndjson", show_default=True)
@click.option("--label", help="Only of this label.")
@click.option("--guess", help="Only what was guessed to be this.")
@click.option("--wrong", is_flag=True, help="Only where the guess was not the label.")
@click.option(
    "--status", type=click.Choice(["accepted", "quarantined", "rejected", "any"]), default="accepted", show_default=True
)
@click.option("--version", help="Only what this version guessed.")
@click.option("--from", "from_", help="Stored from this day on, as 2026-01-31.")
@click.option("--to", help="Stored up to this day.")
@click.option("--contributor", help="Only of this contributor: eight digits, as the gallery shows them.")
@server_options
def export(file: Path, url: str | None, home: Path | None, wrong: bool, from_: str | None, **asked: str | None) -> None:
    """Write users' doodles into a new FILE, oldest first, as `doodle import` and others read them.

    ndjson holds strokes, as Quick, Draw!'s simplified drawings; npy bitmaps; tfrecord all that is known. npy is of one
    label: without --label, FILE is a new folder with a file for each.
    """
    query = {**asked, "from": from_, "wrong": "1" if wrong else None}
    if file.exists():
        raise CliError(f"{file} is there already; name a new one, or remove it first.")
    with find_server(url, home).connect() as client:
        if asked["format"] == "npy" and asked["label"] is None:
            _save_labels(client, query, file)
        else:
            _save(client, query, file)


def _save_labels(client: Client, query: dict[str, Any], folder: Path) -> None:
    names = [label["name"] for label in client.get("/api/v1/labels")["labels"]]
    folder.mkdir(parents=True)
    for name in names:
        _save(client, {**query, "label": name}, folder / f"{name}.npy")


def _save(client: Client, query: dict[str, Any], file: Path) -> None:
    """Write aside; the file gets its name when all is in it."""
    given = {name: value for name, value in sorted(query.items()) if value is not None}
    aside = file.with_name(f".{file.name}.new")
    try:
        with aside.open("wb") as target:
            headers = client.fetch(f"{EXPORT}?{urlencode(given)}", target.write)
        aside.rename(file)
    finally:
        aside.unlink(missing_ok=True)
    left_out = int(headers.get("Doodle-Left-Out", "0"))
    without = f"; {left_out} are left out, as their strokes are not known" if left_out else ""
    click.echo(f"{headers['Doodle-Count']} doodles in {file}{without}")
