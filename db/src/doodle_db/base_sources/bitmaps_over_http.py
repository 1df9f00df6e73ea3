"""Quick, Draw!'s public bitmaps, `full_numpy_bitmap_<label>.npy`, from a server into a folder that npy reads."""

import hashlib
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from doodle_db.base_sources.array_files import open_array, require_bitmaps
from doodle_db.base_sources.downloads import Download, fetch
from doodle_db.base_sources.npy import PUBLIC_PREFIX
from doodle_db.label_sets import LabelSet

Show = Callable[[str, int, int | None], None]
"""Told a file's name, how many bytes of it there are, and how many there will be, if known."""


def is_address(place: str) -> bool:
    """
    Tell an address from a path.

    >>> is_address("https://host/folder"), is_address("folder")
    (True, False)
    """
    return place.startswith(("http://", "https://"))


def fetch_bitmaps(
    url: str, label_set: LabelSet, cache: Path, show: Show, pause: Callable[[float], None] = time.sleep
) -> Path:
    """
    Fetch a label set's bitmaps; what has been fetched before is not asked for again.

    Args:
        url: the folder on the server, as http(s)://host/path.
        label_set: a file for each label, with spaces in its name where the label has underscores.
        cache: a folder for the files, one in it for each url.
        show: told about the progress.
        pause: waits between tries, for so many seconds.

    Returns:
        The folder with the files.

    Raises:
        NotFoundError: the server has no file for a label.
        InvalidError: a file is not what it should be, or the server cannot be reached.
    """
    folder = cache / hashlib.sha256(url.encode()).hexdigest()[:12]
    for label in label_set.names:
        name = f"{PUBLIC_PREFIX}{label.replace('_', ' ')}.npy"
        address = f"{url.rstrip('/')}/{quote(name)}"
        check = partial(_check, name, label_set)
        fetch(Download(address, folder / name, check, partial(show, name), pause=pause))
    return folder


def _check(name: str, label_set: LabelSet, file: BinaryIO, size_bytes: int) -> None:
    require_bitmaps(open_array(file, name, size_bytes), label_set.height, label_set.width)
