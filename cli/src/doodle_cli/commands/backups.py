"""backup, backups, restore: database and versions together, to a place and back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from doodle_cli.commands.options import home_option, json_option, open_home, show_json
from doodle_cli.config import Settings, read_settings
from doodle_cli.errors import CliError
from doodle_cli.home import Home
from doodle_cli.installation import Installation, find_contributor_key, open_installation
from doodle_cli.screen import Screen
from doodle_cli.table import format_age, format_table
from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import (
    BackupPlace,
    BackupRecord,
    check_backup,
    check_value_of,
    make_backup,
    restore_backup,
)
from doodle_db.engine import connect_to

QUIET_SECONDS = 2.0
"""What takes longer says how far it is, so often."""

KEEP_THE_KEY = (
    "Keep the contributor key, too, and not at the same place: without it, contributors can no longer correct what "
    "they sent. It is {where}."
)


@click.command()
@click.argument("place")
@click.option("--verify", is_flag=True, help="Read everything back and compare it with its hashes.")
@home_option
def backup(place: str, verify: bool, home: Path | None) -> None:
    """Save database and versions at PLACE: a folder, or s3://bucket/prefix. What runs goes on meanwhile."""
    settings, began = read_settings(), time.monotonic()
    own, target = open_home(home, settings), BackupPlace(place)
    key = find_contributor_key(settings, own)
    with _open(settings, own) as (installation, engine):
        record = make_backup(
            engine,
            ArtifactStore(installation.artifact_url),
            target,
            now=datetime.now(UTC),
            contributor_key_check=check_value_of(key) if key else None,
            tell=_teller(),
        )
    if verify:
        check_backup(target, record, _teller())
    click.echo(f"{describe_backup(record)}, in {time.monotonic() - began:.1f} s{', and read back' if verify else ''}.")
    for version in record.missing_versions:
        click.echo(f"  ! The artifact store has lost version {version}: this backup does not hold its files.", err=True)
    where = str(own.secrets / "contributor_key") if not settings.database_url else "CONTRIBUTOR_KEY of model_server"
    click.echo(KEEP_THE_KEY.format(where=where))


@click.command()
@click.argument("place")
@json_option
def backups(place: str, as_json: bool) -> None:
    """List the backups at PLACE, oldest first."""
    target = BackupPlace(place)
    records = [target.read_record(name) for name in target.list_backups()]
    if as_json:
        show_json([record.model_dump(mode="json", exclude={"tables", "partitions"}) for record in records])
        return
    now = datetime.now(UTC)
    headers = ["backup", "made", "doodles", "versions", "MB", "schema", "PostgreSQL"]
    rows = [
        [
            record.name,
            format_age(record.created_at.isoformat(), now),
            record.num_rows_of("doodles"),
            len(record.versions),
            f"{record.size_bytes / 1e6:.1f}",
            record.schema_revision,
            record.postgres_version,
        ]
        for record in records
    ]
    click.echo(format_table(headers, rows))


@click.command()
@click.argument("place")
@click.option("--backup", "name", help="Which one.  [default: the newest]")
@click.option("--check", is_flag=True, help="Only read the backup and compare it with its hashes.")
@click.option("--new-contributor-key", is_flag=True, help="Go on with another contributor key than the backup's.")
@home_option
def restore(place: str, name: str | None, check: bool, new_contributor_key: bool, home: Path | None) -> None:
    """Put the backup at PLACE into a new, empty installation."""
    settings, began = read_settings(), time.monotonic()
    own, source = open_home(home, settings), BackupPlace(place)
    record = source.read_record(name)
    if check:
        check_backup(source, record, _teller())
        click.echo(f"{describe_backup(record)}: every file is as it was written.")
        return
    if not new_contributor_key:
        require_key(record, find_contributor_key(settings, own), own, is_home=settings.database_url is None)
    with _open(settings, own, is_new=True) as (installation, engine):
        restore_backup(engine, ArtifactStore(installation.artifact_url), source, record, _teller())
    click.echo(f"{describe_backup(record)}: restored in {time.monotonic() - began:.1f} s.")
    for version in record.missing_versions:
        click.echo(f"  ! Version {version} was lost before the backup was made; it cannot be deployed.", err=True)


def require_key(record: BackupRecord, key: str | None, home: Home, *, is_home: bool) -> None:
    """
    Make sure that contributors will be known again.

    Args:
        record: of the backup.
        key: what this machine knows; None: nothing.
        home: where a home's key lies.
        is_home: the key is the home's; otherwise it is somebody else's matter, and not known is no mistake.

    Raises:
        CliError: the key is another one, or a home has none yet and would make one.
    """
    if record.contributor_key_check is None or (key is None and not is_home):
        click.echo("  ! It cannot be checked here whether the contributor key is the backup's.", err=True)
        return
    if key is not None and check_value_of(key) == record.contributor_key_check:
        return
    where = home.secrets / "contributor_key" if is_home else "CONTRIBUTOR_KEY"
    found = "is another one than" if key else "is not there: put in"
    raise CliError(
        f"{where} {found} the contributor key that backup {record.name} was made with. Without it contributors cannot "
        "correct what they sent, and count as new ones. If it is lost, say --new-contributor-key."
    )


def describe_backup(record: BackupRecord) -> str:
    """Say in a line what a backup holds."""
    return (
        f"Backup {record.name}: {record.num_rows_of('doodles')} doodles, {record.num_rows_of('runs')} runs, "
        f"{record.num_rows_of('deployments')} deployments, {len(record.versions)} versions, "
        f"{record.size_bytes / 1e6:.1f} MB of rows"
    )


@contextmanager
def _open(settings: Settings, home: Home, *, is_new: bool = False) -> Iterator[tuple[Installation, Engine]]:
    with open_installation(settings, home, Screen(), is_new=is_new) as installation:
        engine = connect_to(installation.database_url, application_name="doodle-backup")
        try:
            yield installation, engine
        finally:
            engine.dispose()


def _teller(clock: Callable[[], float] = time.monotonic) -> Callable[[str], None]:
    """Give what shows how far it is: a line every QUIET_SECONDS, none for what is quicker."""
    last = clock()

    def tell(what: str) -> None:
        nonlocal last
        if clock() - last >= QUIET_SECONDS:
            last = clock()
            click.echo(f"  {what}")

    return tell
