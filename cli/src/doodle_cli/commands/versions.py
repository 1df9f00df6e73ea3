"""pin, unpin, compare, download, delete: what is done about versions besides making one live."""

from pathlib import Path
from typing import Any

import click

from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.comparison_csv import write_comparison
from doodle_cli.errors import CliError
from doodle_cli.table import format_percent, format_table

PIN = "/api/v1/pin"
EVERYTHING = "all"


@click.command()
@click.option("--reason", required=True, help="Why, for those who wonder.")
@server_options
@json_option
def pin(reason: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Pause automatic deployment: what passes the gate waits for an operator."""
    _decide(True, reason, (url, home), as_json)


@click.command()
@click.option("--reason", required=True, help="Why, for those who wonder.")
@server_options
@json_option
def unpin(reason: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Let automatic deployment go on."""
    _decide(False, reason, (url, home), as_json)


def _decide(pinned: bool, reason: str, where: tuple[str | None, Path | None], as_json: bool) -> None:
    with find_server(*where).connect() as client:
        content = client.request("PUT", PIN, {"pinned": pinned, "reason": reason})
    if as_json:
        show_json(content)
    else:
        click.echo(describe_pin(content))


def describe_pin(content: dict[str, Any]) -> str:
    """
    Say whether what is live is pinned.

    Args:
        content: as the API has it.

    >>> describe_pin({"pinned": False, "decisions": []})
    'Not pinned: what passes the gate goes live by itself.'
    """
    if not content["pinned"]:
        return "Not pinned: what passes the gate goes live by itself."
    latest = content["decisions"][0]
    return f"Pinned by {latest['actor']}: {latest['reason']}"


@click.command()
@click.argument("version")
@click.option("--with", "other", required=True, help="The version it is compared with.")
@click.option("--csv", "as_csv", is_flag=True, help="Print it as CSV, for spreadsheets.")
@server_options
@json_option
def compare(  # one argument an option
    version: str, other: str, *, as_csv: bool, url: str | None, home: Path | None, as_json: bool
) -> None:
    """Ask two versions about the same held-out drawings: who is right where."""
    with find_server(url, home).connect() as client:
        content = client.get(f"/api/v1/models/{version}/comparison?with={other}")
    if as_json:
        show_json(content)
    elif as_csv:
        click.echo(write_comparison(content))
    elif not content["holdouts"]:
        click.echo("There are no held-out drawings to compare on.")
    else:
        click.echo("\n\n".join(format_comparison(holdout, version, other) for holdout in content["holdouts"]))


def format_comparison(holdout: dict[str, Any], version: str, other: str) -> str:
    """
    Set what came out on a holdout in a table.

    Args:
        holdout: as the API has it.
        version, other: whom it is about.
    """
    rows = [_format_tally(label, tally) for label, tally in [*holdout["labels"].items(), ("all", holdout["all"])]]
    headers = ["label", "drawings", f"{version} right", f"{other} right", f"only {version}", f"only {other}", "p"]
    p_value = holdout["all"]["p_value"]
    chance = "it may well be chance" if p_value > 0.05 else "that is hardly chance"
    words = f"On {holdout['name']} drawings ({chance}, p = {p_value:.3g} by McNemar's test):"
    return f"{words}\n{format_table(headers, rows)}"


def _format_tally(label: str, tally: dict[str, Any]) -> list[Any]:
    num = tally["num_doodles"]
    shares = [(tally["num_both"] + tally[one]) / num for one in ("num_first", "num_second")]
    right = [format_percent(share) for share in shares]
    return [label, num, *right, tally["num_first"], tally["num_second"], f"{tally['p_value']:.3g}"]


@click.command()
@click.argument("version")
@click.option(
    "--to", "file", type=click.Path(dir_okay=False, path_type=Path), help="The zip.  [default: <version>.zip]"
)
@server_options
def download(version: str, file: Path | None, url: str | None, home: Path | None) -> None:
    """Fetch all files of VERSION as one zip: TensorFlow.js, ONNX, weights, manifest, report."""
    target = file or Path(f"{version}.zip")
    with find_server(url, home).connect() as client:
        content = client.download(f"/api/v1/models/{version}/archive")
    try:
        with target.open("xb") as written:
            written.write(content)
    except OSError as refused:
        raise CliError(f"{target} could not be written: {refused.strerror}. Name another file with --to.") from refused
    click.echo(f"{target}, {len(content) / 1e3:.0f} kB")


@click.command()
@click.argument("version")
@click.option("--reason", required=True, help="Why, for those who look for it.")
@click.option("--confirm", help="The name once more, where nobody is there to type it.")
@server_options
@json_option
def delete(version: str, reason: str, confirm: str | None, url: str | None, home: Path | None, as_json: bool) -> None:
    """Delete VERSION for good, or `all` that nothing needs; asks for the name, for all of them the label set's."""
    expected = "the label set's name" if version == EVERYTHING else version
    sure = confirm or click.prompt(f"This cannot be undone. Type {expected} to be sure")
    with find_server(url, home).connect() as client:
        body = {"version": version, "confirm": sure, "reason": reason}
        content = client.post("/api/v1/models/deletions", body)
    if as_json:
        show_json(content)
    else:
        click.echo(describe_deleted(content))


def describe_deleted(content: dict[str, Any]) -> str:
    """
    Say what is gone, and what stays.

    Args:
        content: as the API has it.
    """
    deleted = ", ".join(content["deleted"]) or "nothing"
    lines = [f"Deleted: {deleted}."]
    lines += [f"Kept: {each['version']}, {each['needed_for']}." for each in content["kept"]]
    if not content["files_removed"]:
        lines.append("The store does not let files be removed now; what is left goes with the next deletion.")
    return "\n".join(lines)
