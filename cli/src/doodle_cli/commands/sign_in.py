"""sign-in: a link that opens the console."""

from datetime import UTC, datetime
from pathlib import Path

import click

from doodle_cli.commands.options import DEFAULT_URL, find_server, open_home, server_options
from doodle_cli.config import read_settings
from doodle_cli.database import find_database_url, make_sign_in_link, sign_in_link
from doodle_cli.home import read_json
from doodle_cli.home_lock import find_running_up
from doodle_db.engine import connect_to


@click.command("sign-in")
@server_options
def sign_in(url: str | None, home: Path | None) -> None:
    """Print a link that signs a browser in, once, within 15 minutes."""
    settings = read_settings()
    place = open_home(home, settings)
    running = find_running_up(place)
    opened = url or settings.public_url or settings.url or (running.url if running else DEFAULT_URL)
    if settings.token and not settings.database_url and not place.ports.exists():
        # Whoever has a token and no database is elsewhere: the server is asked for a code.
        with find_server(url, home).connect() as client:
            click.echo(sign_in_link(opened, client.post("/api/v1/session/codes", {})["code"]))
        return
    address = settings.database_url or find_database_url(place, read_json(place.ports))
    engine = connect_to(address, application_name="doodle-sign-in")
    click.echo(make_sign_in_link(engine, opened, datetime.now(UTC)))
    engine.dispose()
