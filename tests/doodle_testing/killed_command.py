"""Types a command of `doodle` and is killed on the way: `python -m doodle_testing.killed_command <point> <word…>`."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from doodle_cli.commands import prune
from doodle_cli.main import cli
from doodle_db import partitions
from doodle_db.artifacts import ArtifactStore
from doodle_db.backups import BackupPlace, backup, restoration


@dataclass(frozen=True)
class Step:
    """
    A function of the command.

    Attributes:
        owner, name: where it stands.
        survive: so many calls of it come to their end.
        after: the last one, too, and only then the command is killed.
        words: counts calls only whose last argument ends so.
    """

    owner: object
    name: str
    survive: int = 0
    after: bool = False
    words: str = ""


@dataclass(frozen=True)
class Statement:
    """
    A statement of SQL that is not sent any more.

    Attributes:
        words: stand in it.
        survive: so many before it are sent.
    """

    words: str
    survive: int = 0


Points = dict[str, Step | Statement]
"""By what a test calls them."""

BACKUP: Points = {
    "before the first rows": Step(BackupPlace, "write_part"),
    "between two tables": Step(backup, "_save_table", survive=2),
    "before the first version": Step(backup, "copy_version"),
    "before a version's manifest": Step(ArtifactStore, "_write_manifest"),
    "before backup.json": Step(BackupPlace, "write_record"),
    "before backup.json has its name": Step(os, "link", words="backup.json"),
}

RESTORE: Points = {
    "before the second version's manifest": Step(ArtifactStore, "_write_manifest", survive=1),
    "in the middle of the schema": Statement("UPDATE alembic_version"),
    "before the first rows": Step(restoration, "_fill"),
    "between two tables": Step(restoration, "_fill_table", survive=2),
    "after the last rows": Step(restoration, "_fill", after=True),
}

RESTORE_OF_OLD: Points = {
    "before the migrations since": Step(restoration, "migrate", survive=1),
    "between two migrations": Statement("UPDATE alembic_version", survive=1),
    "before the planner's statistics": Step(restoration, "_analyze"),
}

PRUNE: Points = {
    "before a month's commit": Step(prune, "drop_month", after=True),
    "between dropping and clearing": Step(prune, "clear_dropped"),
    "in the middle of the ids": Statement("DELETE FROM doodle_ids", survive=1),
    "before the table goes": Statement("DROP TABLE doodles_dropped"),
}

ROTATE: Points = {
    "before the file": Step(Path, "replace"),
    "after the file": Step(Path, "replace", after=True),
}

ROTATE_PASSWORD: Points = {
    "before the database knows": Statement("ALTER ROLE"),
    "between database and file": Step(Path, "replace", words="postgres_password"),
    "after the file": Step(Path, "replace", words="postgres_password", after=True),
}

POINTS: dict[str, Points] = {
    "backup": BACKUP,
    "restore": {**RESTORE, **RESTORE_OF_OLD},
    "prune": PRUNE,
    "rotate": {**ROTATE, **{f"password: {point}": step for point, step in ROTATE_PASSWORD.items()}},
}
"""By command; what is done there is real, up to the kill."""


def die() -> None:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(point: Step | Statement) -> None:
    """Put the killing into one place of the way."""
    if isinstance(point, Step):
        setattr(point.owner, point.name, _deadly(getattr(point.owner, point.name), point))
        return
    num_sent = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal num_sent
        if point.words in statement:
            if num_sent == point.survive:
                die()
            num_sent += 1


def _deadly(step: Callable[..., Any], point: Step) -> Callable[..., Any]:
    num_calls = 0

    def call(*arguments: Any, **named: Any) -> Any:
        nonlocal num_calls
        if not str(arguments[-1]).endswith(point.words):
            return step(*arguments, **named)
        if num_calls == point.survive and not point.after:
            die()
        answer = step(*arguments, **named)
        if num_calls == point.survive:
            die()
        num_calls += 1
        return answer

    return call


def main(point: str, *words: str) -> None:
    """Type the command, and be killed."""
    # So that a few doodles are many pages.
    partitions.PAGES_AT_ONCE = 1
    die_at(POINTS[words[0]][point])
    cli(list(words))


if __name__ == "__main__":
    main(*sys.argv[1:])
