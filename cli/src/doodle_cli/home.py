"""The home: the one folder `doodle up` keeps everything in."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doodle_cli.errors import CliError


@dataclass(frozen=True)
class Home:
    """
    Where everything lies.

    Attributes:
        folder: absolute.
    """

    folder: Path

    @property
    def secrets(self) -> Path:
        """The folder of secrets, one file each."""
        return self.folder / "secrets"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's cluster."""
        return self.folder / "postgres"

    @property
    def artifacts(self) -> Path:
        """The artifact store: versions and their files."""
        return self.folder / "artifacts"

    @property
    def nginx(self) -> Path:
        """What nginx writes, and its rendered configuration."""
        return self.folder / "nginx"

    @property
    def logs(self) -> Path:
        """One log per process."""
        return self.folder / "logs"

    @property
    def scratch(self) -> Path:
        """What a run needs while it goes on; a worker that was killed leaves it here, and the next `up` empties it."""
        return self.folder / "scratch"

    @property
    def ports(self) -> Path:
        """The ports chosen at the first start."""
        return self.folder / "ports.json"

    @property
    def lock(self) -> Path:
        """Held by the `up` that runs; says who it is."""
        return self.folder / "up.json"

    @property
    def processes(self) -> Path:
        """The processes the last `up` started."""
        return self.folder / "processes.json"

    @property
    def base_data(self) -> Path:
        """Base data that was fetched from a server."""
        return self.folder / "base_data"

    @property
    def imported(self) -> Path:
        """Which base data has been imported to its end."""
        return self.folder / "imported.json"

    def log_of(self, name: str) -> Path:
        """Give the log of a child."""
        return self.logs / f"{name}.log"

    def prepare(self) -> None:
        """
        Make the folders; only their owner may look into them, because the database lies there.

        Raises:
            CliError: the home belongs to somebody else, who has run `doodle up` on it before.
        """
        if self.folder.is_dir() and self.folder.stat().st_uid != os.geteuid():
            raise CliError(f"{self.folder} belongs to another user; run `doodle up` as them, or choose another --home.")
        for folder in (self.folder, self.secrets, self.artifacts, self.nginx, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def empty_scratch(home: Home) -> None:
    """Remove what killed workers left; the home must be held, and nothing of it may run."""
    shutil.rmtree(home.scratch, ignore_errors=True)
    home.scratch.mkdir(mode=0o700)


def home_at(folder: Path) -> Home:
    """Give the home at a folder, wherever the command is called from."""
    return Home(folder.absolute())


def write_json(path: Path, content: Any) -> None:
    """Write a small file of the home as a whole or not at all, for its owner only."""
    aside = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
    aside.replace(path)


def read_json(path: Path) -> Any:
    """Read a small file of the home; None if it is not there, or was damaged: all of them can be made anew."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
