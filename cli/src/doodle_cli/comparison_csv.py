"""Comparisons as comma separated values, for spreadsheets; the console writes the same columns."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

Tally = Mapping[str, Any]


def write_comparison(content: Mapping[str, Any]) -> str:
    """
    Write a comparison of two versions: holdout by holdout, label by label and together.

    Args:
        content: as the API has it.
    """
    first, second = content["version"], content["with"]
    columns = [
        "Holdout",
        "Label",
        "Drawings",
        "Both right",
        f"Only {first} right",
        f"Only {second} right",
        "None right",
        f"{first} accuracy",
        f"{second} accuracy",
        "McNemar p",
    ]
    rows = [
        [holdout["name"], label, *_cells(tally)]
        for holdout in content["holdouts"]
        for label, tally in [*holdout["labels"].items(), ("all", holdout["all"])]
    ]
    return _write(columns, rows)


def write_shadow(comparison: Mapping[str, Any]) -> str:
    """
    Write how a shadow does beside the live version: label by label and together.

    Args:
        comparison: as the API has it.
    """
    columns = [
        "Label",
        "Drawings",
        "Agreed",
        "Both right",
        "Only live right",
        "Only shadow right",
        "None right",
        "Live accuracy",
        "Shadow accuracy",
        "McNemar p",
    ]
    tallies = [*comparison["labels"].items(), ("all", comparison["all"])]
    rows = [[label, tally["num_doodles"], tally["num_agreed"], *_cells(tally)[1:]] for label, tally in tallies]
    return _write(columns, rows)


def _cells(tally: Tally) -> list[Any]:
    num = tally["num_doodles"]
    counts = [tally[name] for name in ("num_both", "num_first", "num_second", "num_neither")]
    accuracies = [(tally["num_both"] + tally[one]) / num if num else None for one in ("num_first", "num_second")]
    return [num, *counts, *accuracies, tally["p_value"]]


def _write(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    # RFC 4180 ends lines with CR LF; a terminal and a file opened as text bring their own.
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([columns, *rows])
    return written.getvalue().rstrip("\n")
