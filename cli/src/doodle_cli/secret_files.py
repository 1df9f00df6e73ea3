"""The secrets: made at the first start, one file each, for their owner only; none has a default, none is printed."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from doodle_cli.errors import CliError

NUM_BYTES = 32
"""256 random bits each."""


@dataclass(frozen=True)
class Secrets:
    """
    What must not be known.

    Attributes:
        postgres_password: of the database's user.
        contributor_key: hex; what contributors' addresses are hashed with.
        operator_token: what an operator's programs show.
    """

    postgres_password: str
    contributor_key: str
    operator_token: str

    def __repr__(self) -> str:
        return "Secrets(...)"


def make_secrets(folder: Path) -> Secrets:
    """
    Read the secrets; those that are not there yet are made.

    Args:
        folder: where they lie; nobody else may look into it.
    """
    folder.chmod(0o700)
    return Secrets(**{name: _make(folder / name) for name in Secrets.__dataclass_fields__})


def find_secret(folder: Path, name: str) -> str | None:
    """Find a secret by its name; None if it has not been made."""
    try:
        return (folder / name).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def write_secret(path: Path, secret: str) -> None:
    """
    Write a secret, over an old one if there is one: as a whole or not at all, and on the disk when this returns.

    Args:
        path: of its file.
        secret: without a newline.
    """
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{secret}\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_secret() -> str:
    """Think of a new secret."""
    return secrets.token_hex(NUM_BYTES)


def _make(path: Path) -> str:
    if not path.exists():
        write_secret(path, make_secret())
    path.chmod(0o600)
    secret = path.read_text(encoding="ascii").strip()
    if not secret:
        raise CliError(f"The secret {path} is empty; put it back from a backup.")
    return secret
