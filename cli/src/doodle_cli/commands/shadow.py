"""shadow: try a version on what people draw, without showing what it says, and see how it does."""

from pathlib import Path
from typing import Any

import click

from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.comparison_csv import write_shadow
from doodle_cli.errors import CliError
from doodle_cli.table import format_percent, format_table

URL = "/api/v1/shadow"

FEWEST = 100
"""With fewer drawings a share is uncertain by ten points and more; the console warns there, too."""


@click.command()
@click.argument("version", required=False)
@click.option("--end", is_flag=True, help="End the shadow.")
@click.option("--reason", help="Why, for those who wonder.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the comparison as CSV.")
@server_options
@json_option
def shadow(  # noqa: PLR0913  # one argument an option
    version: str | None,
    *,
    end: bool,
    reason: str | None,
    as_csv: bool,
    url: str | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Try VERSION as a shadow, end that, or show how it does beside the live version."""
    is_order = end or version is not None
    if end and version is not None:
        raise click.UsageError("Name a version or --end, not both.")
    if is_order and not reason:
        raise click.UsageError("Say why with --reason.")
    with find_server(url, home).connect() as client:
        body = {"version": version, "reason": reason}
        content = client.request("PUT", URL, body) if is_order else client.get(URL)
    if as_json:
        show_json(content)
    elif as_csv:
        click.echo(_as_csv(content))
    else:
        click.echo(describe_shadow(content))


def _as_csv(content: dict[str, Any]) -> str:
    if content["comparison"] is None:
        raise CliError("There is no shadow, and so nothing to compare.")
    return write_shadow(content["comparison"])


def describe_shadow(content: dict[str, Any]) -> str:
    """
    Say what is the shadow, and how it does.

    Args:
        content: as the API has it.

    >>> describe_shadow({"shadow": None, "comparison": None, "decisions": []})
    'No version is tried as a shadow.'
    """
    begun, comparison = content["shadow"], content["comparison"]
    if begun is None or comparison is None:
        return "No version is tried as a shadow."
    lines = [f"{begun['version']} is tried beside {comparison['live']}, says {begun['actor']}: {begun['reason']}"]
    if comparison["all"]["num_doodles"] == 0:
        return "\n".join([*lines, "No drawing has been answered by both yet."])
    return "\n".join([*lines, *_describe_all(comparison), _format_labels(comparison)])


def _describe_all(comparison: dict[str, Any]) -> list[str]:
    tally = comparison["all"]
    num = tally["num_doodles"]
    chance = "it may well be chance" if tally["p_value"] > 0.05 else "that is hardly chance"
    agreed = format_percent(tally["num_agreed"] / num)
    lines = [f"On {num} drawings they agree on {agreed} ({chance}, p = {tally['p_value']:.3g} by McNemar's test)."]
    if num < FEWEST:
        lines.append(f"Too few to tell: wait for {FEWEST} at least.")
    if comparison["num_elsewhere"]:
        lines.append(f"{comparison['num_elsewhere']} more came in beside another version, and do not count.")
    return lines


def _format_labels(comparison: dict[str, Any]) -> str:
    rows = [_format_tally(label, tally) for label, tally in comparison["labels"].items()]
    rows.append(_format_tally("all", comparison["all"]))
    headers = ["label", "drawings", "agreed", "live right", "shadow right", "only live", "only shadow", "p"]
    return format_table(headers, rows)


def _format_tally(label: str, tally: dict[str, Any]) -> list[Any]:
    num = tally["num_doodles"]
    counts = (tally["num_agreed"], tally["num_both"] + tally["num_first"], tally["num_both"] + tally["num_second"])
    shares = [format_percent(count / num) for count in counts]
    return [label, num, *shares, tally["num_first"], tally["num_second"], f"{tally['p_value']:.3g}"]
