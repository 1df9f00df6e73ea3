"""Files over HTTP into a folder: gone on with after a cut, checked before they get their name, bounded in size."""

import base64
import fcntl
import hashlib
import http.client
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BufferedRandom
from pathlib import Path
from typing import Any, BinaryIO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from doodle_db.base_sources.crc32c import crc32c_of_file
from doodle_db.errors import ConflictError, DoodleError, InvalidError, NotFoundError

MAX_BYTES = 2 * 2**30
"""Ten times the largest category of Quick, Draw!: a server cannot fill the disk."""

TIMEOUT_SECONDS = 30
CHUNK_BYTES = 256 * 1024

MAX_FAILURES = 5
"""In a row without a byte more than ever before: then somebody has to look."""

Report = Callable[[int, int | None], None]
"""Told how many bytes there are, and how many there will be, if known."""


class _InterruptedError(Exception):
    """It may go better the next time."""


@dataclass(frozen=True)
class _Told:
    """
    What the server said about the file when it began to send it.

    Attributes:
        etag: strong, so that a part of the file may be asked for; None: it must be sent as a whole.
        size_bytes: None: not told.
        md5, crc32c: of the whole, in base64, if told.
    """

    etag: str | None = None
    size_bytes: int | None = None
    md5: str | None = None
    crc32c: str | None = None


@dataclass(frozen=True)
class Download:
    """
    A file to be fetched.

    Attributes:
        url: http or https.
        path: where it will lie; what lies there already is taken to be it.
        check: raises InvalidError for content that is not what it should be.
        report: told about the progress.
        limit_bytes: larger files are refused.
        pause: waits for so many seconds.
    """

    url: str
    path: Path
    check: Callable[[BinaryIO, int], None]
    report: Report
    limit_bytes: int = MAX_BYTES
    pause: Callable[[float], None] = time.sleep

    @property
    def part(self) -> Path:
        """What has come so far."""
        return self.path.with_name(f"{self.path.name}.part")

    @property
    def notes(self) -> Path:
        """What the server told about it."""
        return self.path.with_name(f"{self.path.name}.part.json")


def fetch(download: Download) -> None:
    """
    Fetch a file, going on where an earlier try ended; a file that is there already is left alone.

    Args:
        download: what, and where to.

    Raises:
        NotFoundError: the server has no such file.
        ConflictError: another process is fetching it.
        InvalidError: the file is too large, or not what it should be; or the server cannot be reached, again and again.
    """
    if download.path.is_file():
        return
    if urlsplit(download.url).scheme not in {"http", "https"} or not urlsplit(download.url).hostname:
        raise InvalidError(f"{download.url} is no address; http://… or https://… was expected.")
    download.path.parent.mkdir(parents=True, exist_ok=True)
    with _hold(download) as file:
        _insist(download, file)
        file.flush()
        os.fsync(file.fileno())
        download.part.rename(download.path)
        download.notes.unlink(missing_ok=True)


@contextmanager
def _hold(download: Download) -> Iterator[BufferedRandom]:
    """Open what has come so far; for one process at a time."""
    with download.part.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise ConflictError(f"Another process is fetching {download.path.name} just now; wait for it.") from busy
        yield file


def _insist(download: Download, file: BufferedRandom) -> None:
    failures, furthest = 0, 0
    while True:
        try:
            told = _receive(download, file)
            _compare(told, file)
            break
        except _InterruptedError as interrupted:
            size = file.seek(0, os.SEEK_END)
            failures = 0 if size > furthest else failures + 1
            furthest = max(furthest, size)
            if failures >= MAX_FAILURES:
                raise InvalidError(
                    f"{download.url} cannot be fetched: {interrupted}. Try again later."
                ) from interrupted
            download.pause(2.0**failures)
    try:
        file.seek(0)
        download.check(file, os.fstat(file.fileno()).st_size)
    except DoodleError:
        file.truncate(0)
        raise


def _receive(download: Download, file: BufferedRandom) -> _Told:
    """Ask for what is missing, and append it."""
    told = _read_notes(download.notes)
    num_bytes = file.seek(0, os.SEEK_END)
    if num_bytes and num_bytes == told.size_bytes:
        return told
    start = num_bytes if told.etag else 0
    with _ask(download, file, start, told) as response:
        if response.status == http.client.PARTIAL_CONTENT:
            _require_continuation(response, start, told, file)
        else:
            told, start = _begin(download, response, file), 0
        for chunk in _chunks(response):
            file.write(chunk)
            start += len(chunk)
            if start > download.limit_bytes:
                raise InvalidError(f"{download.url} is larger than {download.limit_bytes} bytes; is it the right file?")
            download.report(start, told.size_bytes)
    file.flush()
    if told.size_bytes is not None and start != told.size_bytes:
        raise _InterruptedError(f"the connection ended after {start} of {told.size_bytes} bytes")
    return told


@contextmanager
def _ask(download: Download, file: BufferedRandom, start: int, told: _Told) -> Iterator[Any]:
    headers = {"Accept-Encoding": "identity", "User-Agent": "doodle-loop"}
    if start and told.etag:
        # If-Range: a file that has changed meanwhile is sent as a whole.
        headers |= {"Range": f"bytes={start}-", "If-Range": told.etag}
    try:
        response = urlopen(Request(download.url, headers=headers), timeout=TIMEOUT_SECONDS)  # noqa: S310  # http(s), see fetch
    except HTTPError as refused:
        with refused:
            _explain(download, refused.code, file)
    except (OSError, http.client.HTTPException) as lost:
        raise _InterruptedError(str(lost) or type(lost).__name__) from lost
    else:
        with response:
            if download.url.startswith("https:") and not response.url.startswith("https:"):
                raise InvalidError(
                    f"{download.url} leads to {response.url}, which is not encrypted; name that yourself."
                )
            yield response


def _explain(download: Download, code: int, file: BufferedRandom) -> None:
    """Tell a refusal that may pass from one that will not."""
    if code in {404, 410}:
        raise NotFoundError(f"There is no {download.url} ({code}); is the label spelt as it is there?")
    if code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
        file.truncate(0)
    elif code not in {408, 429} and code < 500:
        raise InvalidError(f"{download.url} is refused with {code}; is the address right, and open to everybody?")
    raise _InterruptedError(f"the server answers {code}")


def _require_continuation(response: Any, start: int, told: _Told, file: BufferedRandom) -> None:
    """Refuse to go on with another file than the one that was begun."""
    said = response.headers.get("Content-Range", "")
    match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", said)
    etag = response.headers.get("ETag", told.etag)
    if not match or int(match[1]) != start or int(match[3]) != told.size_bytes or etag != told.etag:
        file.truncate(0)
        raise _InterruptedError(f"asked for what follows byte {start}, the server sends {said or 'something else'}")


def _begin(download: Download, response: Any, file: BufferedRandom) -> _Told:
    """Start over: what had come is dropped, and what the server tells is noted for the next time."""
    file.truncate(0)
    told = _read_headers(response.headers)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise InvalidError(f"{download.url} comes packed, although it was asked for as it is; fetch it by hand.")
    if (told.size_bytes or 0) > download.limit_bytes:
        raise InvalidError(f"{download.url} has {told.size_bytes} bytes; at most {download.limit_bytes} are taken.")
    free_bytes = shutil.disk_usage(download.path.parent).free
    if (told.size_bytes or 0) > free_bytes:
        raise InvalidError(f"{download.path.parent} has {free_bytes} bytes free; {told.size_bytes} are needed.")
    download.notes.write_text(json.dumps(asdict(told)), encoding="utf-8")
    return told


def _read_headers(headers: Any) -> _Told:
    etag = headers.get("ETag")
    size = headers.get("Content-Length", "")
    # As Google's storage writes them: x-goog-hash: crc32c=…, md5=… in one line or in two.
    lines = ",".join(headers.get_all("x-goog-hash", [])).replace(" ", "").split(",")
    hashes = dict(line.partition("=")[::2] for line in lines)
    return _Told(
        etag=etag if etag and etag.startswith('"') else None,
        size_bytes=int(size) if size.isascii() and size.isdigit() else None,
        md5=hashes.get("md5") or headers.get("Content-MD5"),
        crc32c=hashes.get("crc32c"),
    )


def _read_notes(path: Path) -> _Told:
    try:
        return _Told(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return _Told()


def _chunks(response: Any) -> Iterator[bytes]:
    while True:
        try:
            chunk = response.read(CHUNK_BYTES)
        except (OSError, http.client.HTTPException) as lost:
            raise _InterruptedError(f"the connection was lost ({type(lost).__name__})") from lost
        if not chunk:
            return
        yield chunk


def _compare(told: _Told, file: BufferedRandom) -> None:
    """Compare what has come with the checksums the server gave; what differs is dropped."""
    file.seek(0)
    if told.md5:
        found, expected = base64.b64encode(hashlib.file_digest(file, _md5).digest()).decode(), told.md5
    elif told.crc32c:
        found, expected = base64.b64encode(crc32c_of_file(file).to_bytes(4, "big")).decode(), told.crc32c
    else:
        return
    if found != expected:
        file.truncate(0)
        raise _InterruptedError(f"its checksum is {found}, the server says {expected}")


def _md5() -> Any:
    # Against accidents only; who can change the file can change the header, too.
    return hashlib.md5(usedforsecurity=False)
