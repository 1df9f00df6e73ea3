"""review: what runs have screened out, and what an operator decides about it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from doodle_cli.commands.options import Command, find_server, json_option, server_options, show_json
from doodle_cli.table import format_age, format_table

REVIEWS = "/api/v1/reviews"
STATES = ("open", "unused", "reviewed")
REASONS = ("label", "unknown", "contributor", "duplicate", "share")

Where = tuple[str | None, Path | None]


@click.group()
def review() -> None:
    """Doodles that were screened out: list them; accept, reject or relabel; undo."""


@review.command("list")
@click.option("--state", type=click.Choice(STATES), default="open", show_default=True, help="Which of them.")
@click.option("--reason", type=click.Choice(REASONS), help="Only what was screened out for this reason.")
@click.option("--label", help="Only doodles of this label.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="How many.")
@click.option("--cursor", help="Go on behind a page: what it says at its end.")
@server_options
@json_option
def list_(url: str | None, home: Path | None, as_json: bool, **query: str | int | None) -> None:
    """List doodles that were screened out, newest first, and why."""
    asked = {name: query[name] for name in sorted(query, reverse=True) if query[name] is not None}
    with find_server(url, home).connect() as client:
        content = client.get(f"{REVIEWS}?{urlencode(asked)}")
    if as_json:
        show_json(content)
    else:
        click.echo(format_reviews(content, datetime.now(UTC)))


def format_reviews(content: dict[str, Any], now: datetime) -> str:
    """
    Set a page of reviews in a table, with the numbers by reason and what leads to the next page.

    Args:
        content: as the API gives it.
        now: the time.
    """
    headers = ["id", "label", "split", "drawn", "contributor", "why", "decided"]
    rows = [
        [
            each["id"],
            each["label"],
            each["split"],
            format_age(each["created_at"], now),
            each["contributor"],
            f"{each['reason']}: {each['words']}",
            describe_review(each["review"]),
        ]
        for each in content["reviews"]
    ]
    counts = ", ".join(f"{num} {reason}" for reason, num in content["counts"].items() if num) or "none"
    lines = [format_table(headers, rows), f"In all: {counts}."]
    return "\n".join([*lines, f"More: --cursor {content['next']}"] if content["next"] else lines)


def describe_review(standing: dict[str, Any] | None) -> str:
    """
    Say what an operator has decided; nothing if nobody has.

    >>> describe_review({"action": "relabel", "label": "dog", "operator": "ada", "reason": "clearly a dog"})
    'relabel as dog by ada: clearly a dog'
    """
    if standing is None:
        return ""
    what = f"relabel as {standing['label']}" if standing["action"] == "relabel" else standing["action"]
    return f"{what} by {standing['operator']}: {standing['reason']}"


def decision_options(command: Command) -> Command:
    """Let a command take ids, a reason, and a server."""
    reason = click.option("--reason", required=True, help="Why, for those who read the history.")
    ids = click.argument("ids", nargs=-1, required=True, type=click.UUID)
    return ids(reason(server_options(json_option(command))))


@review.command()
@decision_options
def accept(ids: tuple[Any, ...], reason: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Accept doodles as they are labelled: the next run learns from them."""
    _decide({"action": "accept", "reason": reason}, ids, (url, home), as_json)


@review.command()
@decision_options
def reject(ids: tuple[Any, ...], reason: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Reject doodles: they are never used or shown."""
    _decide({"action": "reject", "reason": reason}, ids, (url, home), as_json)


@review.command()
@click.option("--as", "label", required=True, help="The label they really show.")
@decision_options
def relabel(label: str, ids: tuple[Any, ...], reason: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Accept doodles under another label."""
    _decide({"action": "relabel", "label": label, "reason": reason}, ids, (url, home), as_json)


@review.command()
@decision_options
def undo(ids: tuple[Any, ...], reason: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Go back to before anybody had decided."""
    _decide({"action": "undo", "reason": reason}, ids, (url, home), as_json)


def _decide(wish: dict[str, str], ids: tuple[Any, ...], where: Where, as_json: bool) -> None:
    with find_server(*where).connect() as client:
        content = client.post(REVIEWS, {**wish, "ids": [str(each) for each in ids]})
    if as_json:
        show_json(content)
        return
    for each in content["reviews"]:
        click.echo(f"{each['id']} is {each['status']}, as {each['label']}.")
