"""rotate: a secret of a home made anew, because somebody may know it."""

from pathlib import Path

import click

from doodle_cli.commands.options import home_option, open_home
from doodle_cli.config import Settings, read_settings
from doodle_cli.errors import CliError
from doodle_cli.home import Home
from doodle_cli.home_lock import find_running_up, hold_home
from doodle_cli.installation import open_installation
from doodle_cli.password_change import NAME as PASSWORD
from doodle_cli.password_change import change_password
from doodle_cli.screen import Screen
from doodle_cli.secret_files import find_secret, make_secret, write_secret
from doodle_db.engine import connect_to

SAID = {
    "operator_token": "The old one, and every browser that is signed in, ends with the next start; sign in anew.",
    "contributor_key": "Contributors can no longer correct what they sent before, and count as new ones.",
    "postgres_password": "The database knows it already.",
}


@click.command()
@click.argument("name", type=click.Choice(sorted(SAID)))
@home_option
def rotate(name: str, home: Path | None) -> None:
    """Make the secret NAME of a home anew. The stack must be stopped before."""
    settings = read_settings()
    place = open_home(home, settings)
    if settings.database_url:
        raise CliError("DATABASE_URL is set: its secrets are no home's; docs/operations.md tells how they are changed.")
    if find_running_up(place):
        raise CliError("The stack runs, and what runs has the old secret; stop it with `doodle down` first.")
    if find_secret(place.secrets, name) is None:
        raise CliError(f"There is no {place.secrets / name}; nothing has been started on this home yet.")
    if name == PASSWORD:
        _rotate_password(settings, place)
    else:
        with hold_home(place, "no address: a secret is being changed"):
            write_secret(place.secrets / name, make_secret())
    click.echo(f"{place.secrets / name} is new. {SAID[name]}")


def _rotate_password(settings: Settings, home: Home) -> None:
    with open_installation(settings, home, Screen()) as installation:
        engine = connect_to(installation.database_url, application_name="doodle-rotate")
        change_password(engine, home.secrets, make_secret())
        engine.dispose()
