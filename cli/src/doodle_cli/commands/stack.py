"""up, down, logs: the stack on this machine."""

import os
import signal
import time
from pathlib import Path

import click

from doodle_cli.commands.options import home_option, open_home
from doodle_cli.config import read_settings
from doodle_cli.errors import CliError, NotRunningError
from doodle_cli.home import Home
from doodle_cli.home_lock import await_end, find_running_up
from doodle_cli.log_files import read_tail
from doodle_cli.project import find_project
from doodle_cli.screen import Screen
from doodle_cli.up import run_stack

DOWN_SECONDS = 40
"""`up` itself gives everybody some seconds each; this is more than all of them."""


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3030, show_default=True, help="Port of the pages and API."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for the network.")
@home_option
def up(port: int, host: str, home: Path | None) -> None:
    """Start everything, and stay until Ctrl-C."""
    settings = read_settings()
    run_stack(settings, open_home(home, settings), find_project(), (host, port), Screen())


@click.command()
@home_option
def down(home: Path | None) -> None:
    """Stop the stack that runs here."""
    place = open_home(home)
    running = find_running_up(place)
    if running is None:
        raise NotRunningError(f"No `doodle up` runs on {place.folder}.")
    os.kill(running.process.pid, signal.SIGTERM)
    if not await_end(place, attempts=DOWN_SECONDS * 10, pause=lambda: time.sleep(0.1)):
        raise CliError(f"Process {running.process.pid} has not stopped after {DOWN_SECONDS} s; see {place.logs}.")
    click.echo("Stopped.")


@click.command()
@click.argument("name", required=False)
@click.option("-n", "--lines", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many lines.")
@click.option("-f", "--follow", is_flag=True, help="Go on showing what is written.")
@home_option
def logs(name: str | None, lines: int, follow: bool, home: Path | None) -> None:
    """Show the end of a log, or which logs there are."""
    place = open_home(home)
    if name is None:
        _list_logs(place)
        return
    log = place.log_of(name)
    if log.parent != place.logs or not log.is_file():
        raise CliError(f"There is no log {name!r}; `doodle logs` lists them.")
    for line in read_tail(log, lines):
        click.echo(line)
    if follow:
        _follow(log)


def _list_logs(home: Home) -> None:
    for log in sorted(home.logs.glob("*.log")):
        click.echo(f"{log.stem:<20} {log.stat().st_size:>10} bytes")


def _follow(log: Path) -> None:
    seen = log.stat().st_size
    while True:
        time.sleep(0.5)
        if log.stat().st_size < seen:
            seen = 0
        with log.open("rb") as file:
            file.seek(seen)
            new = file.read()
        seen += len(new)
        click.echo(new.decode(errors="replace"), nl=False)
