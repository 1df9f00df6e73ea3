"""
Select from the project's lock what one image needs.

    python image_lock.py NAMES LOCK [LOCK...] > image.lock

NAMES is what `uv pip compile` lists for the image's own packages; the versions and hashes are the locks'.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def read_entries(lock: str) -> dict[str, str]:
    """
    Read a lock's entries.

    Args:
        lock: as `uv pip compile --generate-hashes` writes it; an entry's hashes stand indented below its name.

    Returns:
        Each name's lines: more than one entry where platforms have different versions.
    """
    entries: dict[str, str] = {}
    for entry in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE):
        if found := _NAME.match(entry):
            entries[found[0]] = entries.get(found[0], "") + entry
    return entries


def select(names: Iterable[str], entries: dict[str, str]) -> str:
    """
    Give the lock of these names.

    Args:
        names: packages.
        entries: of the whole lock.

    Raises:
        SystemExit: the lock lacks one, or has no hash for it; what is not locked must not get into an image.
    """
    wanted = sorted(set(names))
    missing = [name for name in wanted if "--hash=" not in entries.get(name, "")]
    if missing:
        raise SystemExit(f"requirements.lock does not hold {', '.join(missing)}; `make lock` brings it up to date.")
    return "".join(entries[name] for name in wanted)


def main(arguments: list[str]) -> None:
    """Read the files that are named, write the image's lock."""
    names, *locks = (Path(argument).read_text(encoding="utf-8") for argument in arguments)
    entries = {name: entry for lock in locks for name, entry in read_entries(lock).items()}
    sys.stdout.write(select(read_entries(names), entries))


if __name__ == "__main__":
    main(sys.argv[1:])
