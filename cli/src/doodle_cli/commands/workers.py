"""worker, workers: starting one, seeing all, asking them to end."""

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from doodle_cli.commands.options import find_server, home_option, json_option, open_home, server_options, show_json
from doodle_cli.config import Settings, read_settings
from doodle_cli.database import find_database_url
from doodle_cli.errors import CliError
from doodle_cli.home import Home, read_json
from doodle_cli.programs import find_node
from doodle_cli.progress import describe_progress
from doodle_cli.project import find_project
from doodle_cli.table import format_age, format_table

WORKERS = "/api/v1/workers"


@click.command()
@click.option("--name", help="What it is to be called.  [default: WORKER_NAME, or the machine's name]")
@click.option("--until-idle", is_flag=True, help="End when nothing waits that it could do.")
@home_option
def worker(name: str | None, until_idle: bool, home: Path | None) -> None:
    """Train here, until Ctrl-C: for DATABASE_URL and ARTIFACT_URL, or the stack of a home on this machine."""
    settings = read_settings()
    environment = worker_environment(settings, open_home(home, settings), name, until_idle=until_idle)
    # In place of this process: whoever sends it a signal, or waits for its end, means the worker.
    os.execve(sys.executable, [sys.executable, "-m", "training_server.worker"], environment)


def worker_environment(settings: Settings, home: Home, name: str | None, *, until_idle: bool) -> dict[str, str]:
    """
    Give what a worker is told.

    Args:
        settings: the user's.
        home: whose stack it belongs to, unless the settings name a database.
        name: what it is to be called; None: what the settings say, or else the machine's name.
        until_idle: whether it ends when nothing waits.

    Raises:
        CliError: there is no database, or a database but no place for versions.
    """
    told = {
        **settings.system,
        **settings.store,
        **settings.services,
        **_find_places(settings, home),
        "LABEL_SET": settings.label_set,
        "NODE": str(find_node()),
        "TFJS_RUNNER": str(settings.tfjs_runner or find_project().tfjs_runner),
        "WORKER_UNTIL_IDLE": "yes" if until_idle else "no",
        "PYTHONUNBUFFERED": "1",
    }
    return {**told, "WORKER_NAME": name} if name else told


def _find_places(settings: Settings, home: Home) -> Mapping[str, str]:
    artifacts = settings.services.get("ARTIFACT_URL")
    if settings.database_url is None:
        database_url = find_database_url(home, read_json(home.ports))
        return {"DATABASE_URL": database_url, "ARTIFACT_URL": artifacts or str(home.artifacts)}
    if artifacts is None:
        raise CliError("ARTIFACT_URL is missing; a folder, or an address such as s3://bucket/prefix was expected.")
    return {"DATABASE_URL": settings.database_url, "ARTIFACT_URL": artifacts}


@click.group()
def workers() -> None:
    """Who trains, and where: list the workers, let one end."""


@workers.command("list")
@server_options
@json_option
def list_(url: str | None, home: Path | None, as_json: bool) -> None:
    """List the workers."""
    with find_server(url, home).connect() as client:
        content = client.get(WORKERS)
    if as_json:
        show_json(content)
    else:
        click.echo(format_workers(content["workers"], datetime.now(UTC)))


def format_workers(listed: list[dict[str, Any]], now: datetime) -> str:
    """
    Set the workers in a table.

    Args:
        listed: as the API lists them.
        now: the time.
    """
    rows = [
        [
            each["name"],
            each["host"],
            each["gpu"] or each["device"],
            each["num_cores"],
            each["version"],
            each["state"],
            _describe_work(each),
            format_age(each["heartbeat_at"], now),
        ]
        for each in listed
    ]
    return format_table(["name", "host", "device", "cores", "version", "state", "what it does", "seen"], rows)


def _describe_work(worker: dict[str, Any]) -> str:
    work = describe_progress(worker) if worker["state"] == "busy" else None
    words = [
        worker["run"] if worker["state"] == "busy" else None,
        work,
        f"asked to {worker['asked_to']}" if worker["asked_to"] and worker["state"] != "stopped" else None,
        f"{worker['num_sent']} waiting for it" if worker["num_sent"] else None,
    ]
    return ", ".join(word for word in words if word)


@workers.command()
@click.argument("name")
@server_options
@json_option
def drain(name: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Let the worker NAME finish its run, and then end."""
    _ask(name, "drain", "It finishes its run, takes no other, and ends.", url, home, as_json=as_json)


@workers.command()
@click.argument("name")
@server_options
@json_option
def stop(name: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Let the worker NAME give its run back to the queue, and end."""
    _ask(name, "stop", "It gives its run back, and ends.", url, home, as_json=as_json)


def _ask(name: str, wish: str, words: str, url: str | None, home: Path | None, *, as_json: bool) -> None:
    with find_server(url, home).connect() as client:
        asked = client.post(f"{WORKERS}/{quote(name, safe='')}/{wish}", {})
    if as_json:
        show_json(asked)
    else:
        click.echo(f"Asked {asked['name']}, which is {asked['state']}. {words}")
