"""production: how the live model really does."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.table import format_percent, format_table


@click.command()
@click.option("--by", type=click.Choice(["hour", "day"]), default="day", show_default=True, help="The step of time.")
@click.option("--from", metavar="TIME", help="A date or time, of UTC.  [default: 30 days, or 48 hours, before --to]")
@click.option("--to", metavar="TIME", help="The first moment that does not count.  [default: now]")
@click.option("--version", help="Of the guesses of this version only.")
@server_options
@json_option
def production(url: str | None, home: Path | None, as_json: bool, **asked: str | None) -> None:
    """Show how often the live model is right on what people really draw."""
    query = urlencode({name: value for name, value in sorted(asked.items()) if value is not None})
    with find_server(url, home).connect() as client:
        content = client.get(f"/api/v1/production?{query}")
    if as_json:
        show_json(content)
    else:
        click.echo(format_production(content))


def format_production(told: dict[str, Any]) -> str:
    """
    Set all of it and its parts in tables; every share with where the true one may well lie.

    Args:
        told: as the API tells it.
    """
    statuses, whose = told["statuses"], told["version"] or "all versions"
    pairs = _list_mistakes(told["confusion"])
    return "\n\n".join(
        [
            f"From {told['from'][:16]} to {told['to'][:16]} UTC, {whose}: {told['total']['num_doodles']} drawings, "
            f"{statuses['quarantined']} of them in quarantine; {statuses['rejected']} more rejected.\n"
            f"Calibration error: {format_percent(told['calibration']['error']) or '-'}",
            _format_tallies("", [("all", told["total"])]),
            _format_tallies("version", [(each["version"] or "none known", each) for each in told["versions"]]),
            _format_tallies("label", [(each["label"], each) for each in told["labels"]]),
            format_table(["label", "taken for", "drawings"], pairs[:NUM_MISTAKES]),
            _format_tallies(told["by"], [(each["begins"][:16], each) for each in told["times"]]),
        ]
    )


NUM_MISTAKES = 10


def _format_tallies(what: str, tallies: list[tuple[str, dict[str, Any]]]) -> str:
    headers = [what, "drawings", "accuracy", "95 %", "where shown", "95 %", "unknown", "95 %"]
    rows = [
        [
            name,
            tally["num_doodles"],
            *_format_share(tally["accuracy"]),
            *_format_share(tally["accuracy_known"]),
            *_format_share(tally["unknown"]),
        ]
        for name, tally in tallies
    ]
    return format_table(headers, rows)


def _format_share(share: dict[str, Any] | None) -> tuple[str | None, str | None]:
    if share is None:
        return None, None
    return format_percent(share["value"]), f"{100 * share['low']:.1f} to {100 * share['high']:.1f}"


def _list_mistakes(confusion: dict[str, Any]) -> list[tuple[str, str, int]]:
    """List what was taken for what, the most frequent first."""
    labels, counts = confusion["labels"], confusion["counts"]
    pairs = [
        (label, guess, counts[row][column])
        for row, label in enumerate(labels)
        for column, guess in enumerate(labels)
        if row != column and counts[row][column]
    ]
    return sorted(pairs, key=lambda pair: -pair[2])
