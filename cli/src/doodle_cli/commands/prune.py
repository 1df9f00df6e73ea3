"""prune: months of doodles that nobody needs any more."""

import re
import time
from datetime import UTC, date, datetime
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from doodle_cli.commands.options import home_option, open_home
from doodle_cli.config import read_settings
from doodle_cli.database import find_database_url
from doodle_cli.errors import CliError
from doodle_cli.home import read_json
from doodle_cli.table import format_table
from doodle_db.engine import connect_to
from doodle_db.migrate import is_migrated
from doodle_db.partitions import clear_dropped, drop_month
from doodle_db.retention import MonthDecision, decide_retention, first_kept_month, read_months

HOLDOUT_SIZE = 2_000
"""training_server.material.NUM_RECENT: a test holds them equal."""

LOCK_TRIES = 100
LOCK_PAUSE_SECONDS = 0.2
"""Each try waits a moment for the table to be free; between two, everybody else goes on."""


@click.command()
@click.option("--before", help="Drop months before this one, as 2026-03.")
@click.option("--keep-months", type=click.IntRange(1), help="Drop months before the newest so many, this one included.")
@click.option("--yes", is_flag=True, help="Do it; without it, only what would go is shown.")
@home_option
def prune(before: str | None, keep_months: int | None, yes: bool, home: Path | None) -> None:
    """Drop users' doodles of old months, but for what explains the live version. Base data stays."""
    first_kept = choose_first_kept(before, keep_months, datetime.now(UTC))
    settings = read_settings()
    place = open_home(home, settings)
    engine = connect_to(
        settings.database_url or find_database_url(place, read_json(place.ports)), application_name="doodle-prune"
    )
    with engine.connect() as connection:
        if not is_migrated(connection):
            raise CliError("The database has not the schema of this release; start it with this release first.")
        decisions = decide_retention(read_months(connection, holdout_size=HOLDOUT_SIZE), before=first_kept)
    click.echo(format_decisions(decisions))
    going = [decision for decision in decisions if decision.goes]
    if yes:
        click.echo(_drop(engine, going))
    elif going:
        num_doodles = sum(decision.num_doodles for decision in going)
        click.echo(f"{num_doodles} doodles would go for good; take a backup, and say --yes.")
    engine.dispose()


def choose_first_kept(before: str | None, keep_months: int | None, now: datetime) -> date:
    """
    Find out the first day of the oldest month that stays in any case.

    Raises:
        CliError: neither or both are given, or it is no month before the coming one.

    >>> choose_first_kept("2026-03", None, datetime(2026, 11, 21, tzinfo=UTC))
    datetime.date(2026, 3, 1)
    """
    if (before is None) == (keep_months is None):
        raise CliError("Say either --before MONTH, as 2026-03, or --keep-months N.")
    if keep_months is not None:
        return first_kept_month(now, keep_months)
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", str(before)):
        raise CliError(f"--before {before} is no month; one as 2026-03 was expected.")
    wanted = date(int(str(before)[:4]), int(str(before)[5:]), 1)
    if wanted > now.date():
        raise CliError(f"--before {before} lies ahead; this month's doodles cannot be dropped.")
    return wanted


def format_decisions(decisions: list[MonthDecision]) -> str:
    """Set the months in a table; those that are empty and stay, as the coming ones, are left out."""
    shown = [each for each in decisions if each.goes or each.num_doodles]
    rows = [[f"{each.month:%Y-%m}", "goes" if each.goes else "stays", each.num_doodles, each.reason] for each in shown]
    return format_table(["month", "", "doodles", "why"], rows)


def _drop(engine: Engine, going: list[MonthDecision]) -> str:
    num_dropped = sum(_drop_when_free(engine, decision.month) for decision in going)
    clear_dropped(engine)
    return f"{num_dropped} doodles of {len(going)} months are gone."


def _drop_when_free(engine: Engine, month: date) -> int:
    for attempt in range(LOCK_TRIES):
        try:
            with engine.begin() as connection:
                return drop_month(connection, month)
        except OperationalError as busy:
            if attempt == LOCK_TRIES - 1:
                raise CliError(
                    f"{month:%Y-%m} could not be dropped: the table is in use all the time, by a backup perhaps. "
                    "Older months are gone; try again later."
                ) from busy
            time.sleep(LOCK_PAUSE_SECONDS)
    raise AssertionError("unreachable")
