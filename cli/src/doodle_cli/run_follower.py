"""Following a run until it has ended."""

import time
from datetime import UTC, datetime
from typing import Any

import click

from doodle_cli.client import Client
from doodle_cli.commands.options import show_json
from doodle_cli.errors import CliError
from doodle_cli.run_display import RunDisplay
from doodle_cli.run_words import format_run

ENDED = frozenset({"finished", "failed", "cancelled"})
POLL_SECONDS = 0.5

LAST_STEP = 2**31 - 1
"""No point comes behind it."""


def follow(client: Client, key: str, *, as_json: bool) -> None:
    """
    Show a run until it has ended, and then what came of it.

    Args:
        client: of the server.
        key: the run's.
        as_json: nothing but what came of it, as the API says it.

    Raises:
        CliError: it has not finished, or somebody would not wait.
    """
    try:
        content = _show_until_ended(client, key, quiet=as_json)
    except KeyboardInterrupt:
        raise CliError(f"The run goes on without you; `doodle run {key} --wait` comes back to it.") from None
    if as_json:
        show_json(content)
    else:
        click.echo(format_run(content, datetime.now(UTC)))
    if content["state"] != "finished":
        raise CliError(f"The run has {content['state']}: {content['error'] or 'no reason was given'}")


def _show_until_ended(client: Client, key: str, *, quiet: bool) -> dict[str, Any]:
    display = RunDisplay()
    try:
        while True:
            content: dict[str, Any] = client.get(f"/api/v1/train/{key}")
            if not quiet:
                display.show(content, _fetch_epochs(client, content, display))
            if content["state"] in ENDED:
                return content
            time.sleep(POLL_SECONDS)
    finally:
        if not quiet:
            display.close()


def _fetch_epochs(client: Client, run: dict[str, Any], display: RunDisplay) -> list[dict[str, Any]]:
    """Fetch epochs without points, where some may be new."""
    if not display.wants_epochs(run):
        return []
    epochs: list[dict[str, Any]] = client.get(f"/api/v1/train/{run['key']}/curve?after={LAST_STEP}")["epochs"]
    return epochs
