"""What many commands take: a home, a server and its operator, JSON in place of tables."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from doodle_cli.client import Client
from doodle_cli.config import Settings, read_settings
from doodle_cli.home import Home, home_at
from doodle_cli.home_lock import find_running_up
from doodle_cli.secret_files import find_secret

DEFAULT_URL = "http://localhost:3030"

Command = Callable[..., Any]


def home_option(command: Command) -> Command:
    """Let a command take --home."""
    return click.option(
        "--home", type=click.Path(file_okay=False, path_type=Path), help="Folder of the stack.  [default: .doodle]"
    )(command)


def server_options(command: Command) -> Command:
    """Let a command take --url and --home, and hand it a Server."""
    url = click.option("--url", help="Address of the server.  [default: the one running here, or DOODLE_URL]")
    return url(home_option(command))


def json_option(command: Command) -> Command:
    """Let a command take --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print what the API says, for programs.")(command)


@dataclass(frozen=True)
class Server:
    """
    Which server a command talks to, and as whom.

    Attributes:
        url: its address.
        token: an operator's, if known.
    """

    url: str
    token: str | None

    def connect(self) -> Client:
        """Give a connection."""
        return Client(self.url, self.token)


def open_home(folder: Path | None, settings: Settings | None = None) -> Home:
    """Give the home that was asked for, or the environment's, or the one in this folder."""
    return home_at(folder or (settings or read_settings()).home)


def find_server(url: str | None, folder: Path | None) -> Server:
    """
    Find out which server is meant.

    Args:
        url: what was asked for.
        folder: the home that was asked for.
    """
    settings = read_settings()
    home = open_home(folder, settings)
    running = find_running_up(home)
    address = url or settings.url or (running.inner_url if running else DEFAULT_URL)
    return Server(address, settings.token or find_secret(home.secrets, "operator_token"))


def show_json(content: Any) -> None:
    """Print what the API said."""
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))
