"""Homes that have been used: their database is there, and stopped."""

from pathlib import Path

from sqlalchemy import text

from doodle_cli.config import read_settings
from doodle_cli.home import Home, home_at
from doodle_cli.installation import open_installation
from doodle_cli.screen import Screen
from doodle_db.engine import connect_to

SYSTEM = {"PATH": "/usr/bin:/bin"}


def used_home(folder: Path) -> Home:
    """Make a home in a folder that is not there yet."""
    made = home_at(folder)
    ask_database(made, is_new=True)
    return made


def ask_database(home: Home, *, is_new: bool = False) -> int:
    """Start the home's database as every start does, with the password that lies in it, and ask it something: 7."""
    with open_installation(read_settings(SYSTEM), home, Screen(), is_new=is_new) as installation:
        engine = connect_to(installation.database_url)
        with engine.connect() as connection:
            answer = int(connection.execute(text("SELECT 7")).scalar_one())
        engine.dispose()
    return answer
