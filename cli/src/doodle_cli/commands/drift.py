"""drift: whether what people draw is still what it was."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.table import format_age, format_table

NUM_SHOWN = 10


@click.command()
@server_options
@json_option
def drift(url: str | None, home: Path | None, as_json: bool) -> None:
    """Show whether what people draw has changed, and in what."""
    with find_server(url, home).connect() as client:
        content = client.get(f"/api/v1/drift?limit={NUM_SHOWN}")
    if as_json:
        show_json(content)
    else:
        click.echo(format_drift(content, datetime.now(UTC)))


def format_drift(standing: dict[str, Any], now: datetime) -> str:
    """
    Say how drawings stand, each measure against its thresholds, and how it was before.

    Args:
        standing: as the API tells it.
        now: the time.
    """
    latest = standing["latest"]
    if latest is None:
        return f"{standing['words']} There are {standing['num_drawings']} of {standing['num_wanted']}."
    figures = ("value", "watch", "alert", "p_value")
    measures = [
        [each["name"], each["finding"], *(float(f"{each[name]:.3g}") for name in figures)]
        for each in latest["measures"]
    ]
    checks = [[format_age(each["created_at"], now), each["finding"], each["state"]] for each in standing["history"]]
    return "\n\n".join(
        [
            f"{standing['state'].upper()}, it began {format_age(standing['since'], now)}. {standing['words']}",
            f"{latest['num_present']} drawings, the first of them {format_age(latest['present_from'], now)}, "
            f"against {latest['num_reference']} before them:",
            format_table(["measure", "finding", "value", "watch from", "alert from", "chance"], measures),
            "\n".join(f"{each['name']}: {each['words']}" for each in latest["measures"]),
            format_table(["checked", "finding", "state"], checks),
        ]
    )
