"""report: what a run read, learnt, gets wrong and costs."""

from pathlib import Path
from typing import Any

import click

from doodle_cli.client import Client
from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.report_page import make_page, name_labels
from doodle_cli.table import format_percent, format_table
from doodle_cli.version_report import VERSION, read_version_report


@click.command()
@click.argument("key")
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write everything, with pictures, into this one file.",
)
@server_options
@json_option
def report(key: str, page: Path | None, url: str | None, home: Path | None, as_json: bool) -> None:
    """Show the report of the run KEY, as far as the run has come; or of a version, as far as it is public."""
    with find_server(url, home).connect() as client:
        content = _fetch(client, key)
    if page is not None:
        page.write_text(make_page(content), encoding="utf-8")
        click.echo(f"Wrote {page}.", err=True)
    if as_json:
        show_json(content)
    elif page is None:
        click.echo(format_report(content))


def _fetch(client: Client, key: str) -> dict[str, Any]:
    if not VERSION.fullmatch(key):
        return dict(client.get(f"/api/v1/train/{key}/report"))
    folder = f"/models/{key}"
    return read_version_report(client.get(f"{folder}/report.json"), client.get(f"{folder}/manifest.json"))


def format_report(content: dict[str, Any]) -> str:
    """
    Show the figures of a report; what needs pictures is left to the page.

    Args:
        content: the report as the API shows it.
    """
    parts = [_format_head(content), _format_counts(content)]
    for holdout in content["holdouts"]:
        parts += [_format_comparison(holdout), _format_labels(holdout["candidate"])]
    return "\n\n".join(part for part in parts if part)


def _format_head(content: dict[str, Any]) -> str:
    model, training, verdict = content["model"], content["training"], content["verdict"]
    lines = [f"run         {content['run'] or '-'}", f"stage       {content['stage']}"]
    if model:
        costs = {"parameters": model["num_parameters"], "multiply-adds": model["num_multiply_adds"]}
        words = ", ".join(f"{number} {name}" for name, number in costs.items() if number is not None)
        lines.append(f"candidate   {model['version']}: {model['network']}, {words}")
    if training:
        steps, pace = training["num_steps"], training["seconds_per_step"]
        words = f"{len(training['epochs'])} epochs, best {training['best_epoch']}"
        words += f"; {steps} steps" if steps else ""
        lines.append(f"training    {words}" + (f", {pace * 1000:.3g} ms each" if pace else ""))
    # Reports of before there was a quarantine have none.
    if content.get("screening"):
        lines.append(f"screening   {content['screening']['words']}")
    if verdict:
        lines.append(f"verdict     {verdict['summary']}")
    return "\n".join(lines)


def _format_counts(content: dict[str, Any]) -> str:
    parts = content["parts"]
    if not parts:
        return ""
    names = name_labels(content)
    rows = [[label, *[part["counts"][index] for part in parts]] for index, label in enumerate(names)]
    return format_table(["label", *[part["name"] for part in parts]], rows)


def _format_comparison(holdout: dict[str, Any]) -> str:
    results = [("candidate", holdout["candidate"]), ("live", holdout["live"])]
    rows = [
        [
            name,
            format_percent(result["accuracy"]),
            _round(result["log_loss"]),
            _round(result["macro"]["f1"]),
            _round(result["macro"]["roc_area"]),
            _round(result["calibration_error"]),
            # Reports of before this was measured tell none.
            format_percent(result.get("kept")),
        ]
        for name, result in results
        if result
    ]
    headers = [holdout["name"], "accuracy", "log-loss", "macro f1", "macro roc", "calibration error", "stays known"]
    return format_table(headers, rows)


def _format_labels(result: dict[str, Any]) -> str:
    figures = ("precision", "recall", "f1", "roc_area")
    rows = [
        [label["label"], label["num_doodles"], *[_round(label[figure]) for figure in figures]]
        for label in result["labels"]
    ]
    averages = [[name, None, *[_round(result[name][figure]) for figure in figures]] for name in ("macro", "weighted")]
    return format_table(["label", "drawings", "precision", "recall", "f1", "roc"], [*rows, *averages])


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
