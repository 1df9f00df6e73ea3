"""Runs in words: in a table, and one by one."""

from datetime import datetime
from typing import Any

from doodle_cli.progress import describe_progress, describe_verdict
from doodle_cli.table import format_age, format_percent, format_table


def format_runs(listed: list[dict[str, Any]], now: datetime) -> str:
    """
    Set runs in a table.

    Args:
        listed: as the API lists them.
        now: the time.
    """
    headers = ["key", "state", "kind", "network", "asked by", "new", "queued", "what came of it"]
    rows = [
        [
            run["key"],
            run["state"],
            run["kind"],
            run["network"],
            run["requested_by"],
            run["num_new_doodles"],
            format_age(run["created_at"], now),
            describe_verdict(run) or describe_progress(run),
        ]
        for run in listed
    ]
    return format_table(headers, rows)


def format_run(content: dict[str, Any], now: datetime) -> str:
    """
    Show a run and, if there is one, its verdict check by check.

    Args:
        content: the run as the API shows it.
        now: the time.
    """
    facts = [
        ("key", content["key"]),
        ("state", content["state"]),
        ("trains", describe_order(content)),
        ("priority", content["priority"] or None),
        ("asked by", f"{content['requested_by']} ({content['trigger']}) {content['reason'] or ''}".rstrip()),
        ("queued", format_age(content["created_at"], now)),
        ("worker", content["worker"]),
        ("sent to", content.get("sent_to")),
        ("waits", content.get("note")),
        ("progress", describe_progress(content)),
        ("doodles", f"{content['num_new_doodles']} new, {content['num_replay_doodles']} replayed"),
        ("parent" if content["kind"] == "delta" else "live then", content["parent_version"]),
        ("candidate", content["candidate_version"]),
        ("right on", describe_splits(content["metrics"] or {})),
        ("verdict", describe_verdict(content)),
        ("notes", content["notes"]),
    ]
    checks = (content["verdict"] or {}).get("checks", [])
    lines = [f"{name:<11}{value}" for name, value in facts if value]
    return "\n".join([*lines, *[f"  {'+' if check['passed'] else '-'} {check['words']}" for check in checks]])


def describe_order(run: dict[str, Any]) -> str:
    """
    Say what a run trains, on what and how.

    >>> describe_order({"kind": "scratch", "network": "mlp", "dataset": "base", "network_args": {"dropout": 0.2},
    ...     "train_args": {"epochs": 3}, "arguments": {"max_doodles": 500}})
    'scratch: mlp on base (dropout 0.2, epochs 3, max_doodles 500)'
    """
    told = {**run["network_args"], **run["train_args"]}
    if at_most := run["arguments"].get("max_doodles"):
        told["max_doodles"] = at_most
    words = ", ".join(f"{name} {value}" for name, value in told.items())
    return f"{run['kind']}: {run['network'] or 'the live network'} on {run['dataset']}" + (
        f" ({words})" if words else ""
    )


def describe_splits(metrics: dict[str, Any]) -> str:
    """
    Say how right a network is on what it was trained on, what was held back of it, and what nobody trains on.

    >>> describe_splits({"train": {"accuracy": 0.9, "num_doodles": 50}, "validation": None, "seconds": {}})
    '90.0 % of train (50)'
    """
    found = [(name, metrics.get(name)) for name in ("train", "validation", "test")]
    parts = [f"{format_percent(each['accuracy'])} of {name} ({each['num_doodles']})" for name, each in found if each]
    return ", ".join(parts)


def format_log(lines: list[dict[str, Any]]) -> str:
    """
    Show a run's log, a line an event.

    >>> format_log([{"line": 1, "at": "2026-11-21T11:00:00.5+00:00", "level": "info", "event": "epoch_ended",
    ...     "fields": {"epoch": 1, "loss": 0.5}}])
    '11:00:00  info     epoch_ended  epoch=1 loss=0.5'
    """
    return "\n".join(
        f"{datetime.fromisoformat(line['at']):%H:%M:%S}  {line['level']:<7}  {line['event']}  "
        + " ".join(f"{name}={value}" for name, value in line["fields"].items())
        for line in lines
    )
