"""search, searches: trying many trainings, and watching and steering what is being tried."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from doodle_cli.client import Client
from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.errors import CliError
from doodle_cli.table import format_age, format_table

ENDED = frozenset({"finished", "stopped"})
POLL_SECONDS = 1.0
MAX_FILE_BYTES = 64 * 1024


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--method", type=click.Choice(["grid", "random", "tpe"]), default="grid", show_default=True)
@click.option("--trials", "num_trials", type=click.IntRange(1), help="How many, for random and tpe.")
@click.option("--name", default="", help="For those who look at it.")
@click.option("--pruning", is_flag=True, help="End a trial early when others were better by then.")
@click.option("--priority", type=click.IntRange(-10, 10), help="The higher, the sooner.  [default: -1]")
@click.option("--reason", default="", help="Why, for those who read the list of searches.")
@click.option("--plan", is_flag=True, help="Only say what it would be, and how long it would take.")
@click.option("--watch", is_flag=True, help="Show the trials as they end, and end with the search.")
@server_options
@json_option
def search(
    file: Path, plan: bool, watch: bool, url: str | None, home: Path | None, as_json: bool, **asked: Any
) -> None:
    """Try what the configuration in FILE says: a JSON object of properties, each a value, a list or a range."""
    order = make_order(read_configuration(file), **asked)
    with find_server(url, home).connect() as client:
        if plan:
            told = {name: value for name, value in order.items() if name in {"configuration", "method", "num_trials"}}
            planned = client.post("/api/v1/search/plan", told)
            show_json(planned) if as_json else click.echo(format_plan(planned))
            return
        ordered = client.post("/api/v1/search", order)
        key = ordered["key"]
        if watch:
            _watch(client, key, as_json)
        elif as_json:
            show_json(ordered)
        else:
            click.echo(f"{key}: {ordered['num_trials']} trials wait; `doodle searches {key}` shows them.")


def read_configuration(file: Path) -> dict[str, Any]:
    """
    Read a configuration; what its properties may be is the server's business.

    Raises:
        CliError: it is no JSON object; the message says where.
    """
    content = file.read_bytes()[: MAX_FILE_BYTES + 1]
    if len(content) > MAX_FILE_BYTES:
        raise CliError(f"{file} is larger than {MAX_FILE_BYTES} bytes; a configuration is a few lines.")
    try:
        parsed = json.loads(content)
    except json.JSONDecodeError as invalid:
        place = f"line {invalid.lineno}, column {invalid.colno}"
        raise CliError(f"{file} is no JSON: {invalid.msg} at {place}.") from invalid
    except UnicodeDecodeError as invalid:
        raise CliError(f"{file} is not UTF-8.") from invalid
    if not isinstance(parsed, dict):
        raise CliError(f'{file} holds no JSON object; expected properties such as {{"EPOCHS": 3}}.')
    return parsed


def make_order(configuration: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """
    Write an order for a search; what was not asked for is left to the server.

    >>> make_order({"EPOCHS": 1}, method="grid", num_trials=None, name="", priority=0)
    {'configuration': {'EPOCHS': 1}, 'method': 'grid', 'priority': 0}
    """
    given = {name: value for name, value in asked.items() if value is not None and value != "" and value is not False}
    return {"configuration": configuration, **given}


def format_plan(plan: dict[str, Any]) -> str:
    """Say what a search would be."""
    lines = [f"{name:<16}{json.dumps(value)}" for name, value in plan["configuration"].items()]
    ends = f"{plan['num_combinations']} trials, about {format_seconds(plan['estimated_seconds'])}. {plan['estimate']}"
    return "\n".join([*lines, ends])


@click.command()
@click.argument("key", required=False)
@click.option("--stop", "act", flag_value="stop", help="Stop the search KEY.")
@click.option("--resume", "act", flag_value="resume", help="Let it go on.")
@click.option("--candidate", "act", flag_value="candidate", help="Train its best trial for the gate.")
@click.option("--watch", is_flag=True, help="Show the trials as they end, and end with the search.")
@server_options
@json_option
def searches(key: str | None, act: str | None, watch: bool, url: str | None, home: Path | None, as_json: bool) -> None:
    """List the searches, newest first; with KEY, show that one with its trials, or steer it."""
    if key is None and (act or watch):
        raise CliError("Name the search by its key; `doodle searches` lists them.")
    with find_server(url, home).connect() as client:
        if act is not None:
            told = client.post(f"/api/v1/search/{key}/{act}", {})
            show_json(told) if as_json else click.echo(describe_act(act, told))
        elif watch and key is not None:
            _watch(client, key, as_json)
        elif key is None:
            listed = client.get("/api/v1/search")
            show_json(listed) if as_json else click.echo(format_searches(listed["searches"], datetime.now(UTC)))
        else:
            _show(client, key, as_json)


def describe_act(act: str, told: dict[str, Any]) -> str:
    """
    Say what became of what was asked of a search.

    >>> describe_act("resume", {"key": "k", "num_trials": 3})
    'k goes on: 3 trials wait.'
    """
    if act == "candidate":
        return f"{told['key']} trains trial {told['trial']} for the gate; `doodle run {told['key']} --wait` follows it."
    return f"{told['key']} goes on: {told['num_trials']} trials wait." if act == "resume" else f"{told['key']} stops."


def _show(client: Client, key: str, as_json: bool) -> None:
    found, trials = client.get(f"/api/v1/search/{key}"), client.get(f"/api/v1/search/{key}/trials")["trials"]
    show_json({**found, "trials": trials}) if as_json else click.echo(format_search(found, trials))


def _watch(client: Client, key: str, as_json: bool) -> None:
    told: set[int] = set()
    try:
        while (found := client.get(f"/api/v1/search/{key}"))["state"] not in ENDED:
            if not as_json:
                _tell_ended(client, key, told)
            time.sleep(POLL_SECONDS)
        if not as_json:
            _tell_ended(client, key, told)
    except KeyboardInterrupt:
        raise CliError(f"The search goes on without you; `doodle searches {key} --watch` comes back to it.") from None
    _show(client, found["key"], as_json)


def _tell_ended(client: Client, key: str, told: set[int]) -> None:
    """Print a line for every trial that has ended since."""
    for trial in client.get(f"/api/v1/search/{key}/trials")["trials"]:
        if trial["state"] in {"finished", "pruned", "failed"} and trial["trial"] not in told:
            told.add(trial["trial"])
            click.echo(describe_trial(trial), err=True)


def describe_trial(trial: dict[str, Any]) -> str:
    """
    Say in a line what became of a trial.

    >>> describe_trial({"trial": 3, "state": "finished", "metrics": {"accuracy": 0.8125}, "seconds": 4, "worker": "a"})
    'trial 3 finished: accuracy 0.8125, 4 s on a'
    """
    metrics = trial["metrics"]
    accuracy = f"accuracy {metrics['accuracy']:.4f}, " if metrics else ""
    return f"trial {trial['trial']} {trial['state']}: {accuracy}{trial['seconds'] or 0:.0f} s on {trial['worker']}"


def format_searches(listed: list[dict[str, Any]], now: datetime) -> str:
    """
    Set searches in a table.

    Args:
        listed: as the API lists them.
        now: the time.
    """
    headers = ["key", "name", "method", "state", "trials", "best", "ordered"]
    rows = [
        [
            each["key"],
            each["name"] or None,
            each["method"],
            each["state"],
            f"{each['counts']['finished']}/{each['num_trials']}",
            f"{each['best']['accuracy']:.4f}" if each["best"] else None,
            format_age(each["created_at"], now),
        ]
        for each in listed
    ]
    return format_table(headers, rows)


def format_search(found: dict[str, Any], trials: list[dict[str, Any]]) -> str:
    """Show a search with its trials; only properties that vary have a column."""
    params = [each["params"] or {} for each in trials]
    varied = [name for name in found["configuration"] if len({str(each.get(name)) for each in params}) > 1]
    headers = ["trial", "state", *[name.lower() for name in varied], "accuracy", "test", "seconds", "worker"]
    rows = [
        [
            each["trial"],
            each["state"],
            *[_round((each["params"] or {}).get(name)) for name in varied],
            _round((each["metrics"] or {}).get("accuracy")),
            _round((each["metrics"] or {}).get("test_accuracy")),
            each["seconds"],
            each["worker"],
        ]
        for each in trials
    ]
    return "\n".join([*describe_search(found), "", format_table(headers, rows)])


def describe_search(found: dict[str, Any]) -> list[str]:
    """Say how a search stands."""
    counts = ", ".join(f"{number} {state}" for state, number in found["counts"].items() if number)
    best, weights = found["best"], found["importances"] or {}
    left = found.get("estimated_seconds")
    to_come = f", about {format_seconds(left)} left" if left else ""
    facts = [
        ("key", found["key"]),
        ("name", found["name"]),
        ("state", f"{found['state']}: {counts}"),
        ("time", f"{format_seconds(found['elapsed_seconds'])}{to_come}"),
        ("best", f"trial {best['trial']}: accuracy {best['accuracy']:.4f}" if best else None),
        ("matters", ", ".join(f"{name} {share:.0%}" for name, share in weights.items()) or None),
    ]
    return [f"{name:<9}{value}" for name, value in facts if value]


def format_seconds(seconds: float) -> str:
    """
    Give a time that people can compare.

    >>> format_seconds(59.6), format_seconds(3600)
    ('60 s', '60 min')
    """
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _round(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value
