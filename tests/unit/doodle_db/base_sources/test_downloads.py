"""Files over HTTP: whatever the server does, what gets its name is the file, whole; else one line says why."""

import base64
import fcntl
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from doodle_db.base_sources import crc32c, read_drawings
from doodle_db.base_sources.bitmaps_over_http import fetch_bitmaps
from doodle_db.base_sources.crc32c import crc32c_of, crc32c_of_file
from doodle_db.base_sources.download_bar import DownloadBar
from doodle_db.base_sources.downloads import Download, fetch
from doodle_db.errors import ConflictError, InvalidError, NotFoundError
from doodle_db.label_sets import Label, LabelSet
from doodle_testing.file_server import FileServer, serving

LABEL_SET = LabelSet(
    name="one", labels=(Label("alarm_clock", "a clock", "⏰"),), height=28, width=28, channels=1, base_data="one"
)
NAME = "full_numpy_bitmap_alarm clock.npy"


def rows(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (2_000, 784), dtype=np.uint8)


def as_npy(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving(as_npy(rows())) as server:
        yield server


def run_fetch(server: FileServer, cache: Path) -> Path:
    return fetch_bitmaps(server.url, LABEL_SET, cache, lambda *_: None, pause=lambda _seconds: None)


def assert_is_whole(folder: Path, server: FileServer) -> None:
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert (folder / NAME).read_bytes() == server.content


def test_a_file_is_fetched_once(server: FileServer, tmp_path: Path) -> None:
    """Under the public data set's name, spaces and all; what is there is not asked for again."""
    server.tell_hash()

    folder = run_fetch(server, tmp_path)
    again = run_fetch(server, tmp_path)

    assert again == folder
    assert server.asked == [("/folder/full_numpy_bitmap_alarm%20clock.npy", None)]
    assert_is_whole(folder, server)
    assert sum(len(batch) for batch in read_drawings(folder, LABEL_SET)) == 2_000


def test_a_cut_is_gone_on_with(server: FileServer, tmp_path: Path) -> None:
    """By ranges, from the byte that is missing; no byte is fetched twice."""
    server.tell_hash()
    server.plan = ["cut 500000", "503", "cut 300000"]

    folder = run_fetch(server, tmp_path)

    assert [wanted for _, wanted in server.asked] == [None, "bytes=500000-", "bytes=500000-", "bytes=800000-"]
    assert_is_whole(folder, server)


def test_another_process_goes_on_with_a_part(server: FileServer, tmp_path: Path) -> None:
    """After a kill, or after giving up, the part is not lost."""
    server.plan = ["cut 500000", *["503"] * 9]
    with pytest.raises(InvalidError, match="cannot be fetched: the server answers 503"):
        run_fetch(server, tmp_path)
    server.plan, server.asked = [], []

    folder = run_fetch(server, tmp_path)

    assert [wanted for _, wanted in server.asked] == ["bytes=500000-"]
    assert_is_whole(folder, server)


@pytest.mark.parametrize("second", ["whole", "shift", "416"])
def test_a_server_that_cannot_go_on_begins_anew(server: FileServer, tmp_path: Path, second: str) -> None:
    """Ranges that are ignored, answered with other bytes, or refused: nothing is put together that does not belong."""
    server.plan = ["cut 500000", second]

    folder = run_fetch(server, tmp_path)

    assert_is_whole(folder, server)


def test_a_file_that_changed_meanwhile_is_fetched_anew(server: FileServer, tmp_path: Path) -> None:
    """Half of the old and half of the new would be neither."""
    server.plan = ["cut 500000", *["503"] * 9]
    with pytest.raises(InvalidError):
        run_fetch(server, tmp_path)
    server.content, server.etag, server.plan = as_npy(rows(1)), '"two"', []

    assert_is_whole(run_fetch(server, tmp_path), server)


def test_without_a_strong_tag_nothing_is_put_together(server: FileServer, tmp_path: Path) -> None:
    """A weak one says "much the same", not "the same bytes"."""
    server.etag = 'W/"one"'
    server.plan = ["cut 500000"]

    folder = run_fetch(server, tmp_path)

    assert [wanted for _, wanted in server.asked] == [None, None]
    assert_is_whole(folder, server)


def test_a_wrong_checksum_is_never_kept(server: FileServer, tmp_path: Path) -> None:
    """It is tried again, in case a byte was lost on the way, and given up in the end."""
    server.tell_hash()
    server.content = as_npy(rows(1))

    with pytest.raises(InvalidError, match=r"its checksum is .*, the server says"):
        run_fetch(server, tmp_path)

    assert len(server.asked) == 5
    assert not list(tmp_path.rglob("*.npy"))


def test_a_crc_is_enough(server: FileServer, tmp_path: Path) -> None:
    """For files put together of parts, Google's storage gives no MD5."""
    crc = crc32c_of_file(io.BytesIO(server.content))
    server.headers["x-goog-hash"] = f"crc32c={base64.b64encode(crc.to_bytes(4, 'big')).decode()}"
    assert_is_whole(run_fetch(server, tmp_path / "right"), server)
    server.headers["x-goog-hash"] = "crc32c=AAAAAA=="

    with pytest.raises(InvalidError, match="the server says AAAAAA=="):
        run_fetch(server, tmp_path / "wrong")


def test_the_crc_is_castagnolis(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 3720's examples; a long content, computed in rows, is what it is byte by byte."""
    assert crc32c_of([bytes(32), b"\xff" * 32, bytes(range(32)), b"abc"]) == [
        0x8A9136AA, 0x62A8AB43, 0x46DD794E, 0x364B3FB7,
    ]  # fmt: skip
    monkeypatch.setattr(crc32c, "_LANES", 8)
    monkeypatch.setattr(crc32c, "_LANE_BYTES", 16)
    content = np.random.default_rng(0).integers(0, 256, 263, dtype=np.uint8).tobytes()
    for size in (0, 3, 4, 128, 131, 132, 263):
        assert [crc32c_of_file(io.BytesIO(content[:size]))] == crc32c_of([content[:size]])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>not found</html>", "is no array in NumPy's format"),
        (as_npy(rows()[:, :100]), r"uint8 \(2000, 100\); uint8 \(n, 784\)"),
        (as_npy(rows())[:-1], "makes 1568128"),
        (b"", "is no array"),
    ],
)
def test_garbage_is_never_kept(server: FileServer, tmp_path: Path, content: bytes, words: str) -> None:
    """Asked for once: it would not be better the next time."""
    server.content = content

    with pytest.raises(InvalidError, match=f"alarm clock.npy.*{words}"):
        run_fetch(server, tmp_path)

    assert len(server.asked) == 1
    assert not list(tmp_path.rglob("*.npy"))


def test_without_a_length_the_header_tells_it(server: FileServer, tmp_path: Path) -> None:
    """A file's own header knows how long it must be."""
    server.plan = ["endless"]

    assert_is_whole(run_fetch(server, tmp_path), server)


@pytest.mark.parametrize("plan", ["well", "endless"])
def test_a_file_beyond_all_measure_is_refused(server: FileServer, tmp_path: Path, plan: str) -> None:
    """Whether it says so or only goes on and on: no server fills the disk."""
    download = Download(f"{server.url}/x", tmp_path / "x", lambda *_: None, lambda *_: None, limit_bytes=1000)
    server.plan = [plan]

    with pytest.raises(InvalidError, match=r"1000 (bytes|are taken)"):
        fetch(download)


def test_what_is_not_there_is_said_at_once(server: FileServer, tmp_path: Path) -> None:
    """And what is forbidden."""
    server.plan = ["404"]
    with pytest.raises(NotFoundError, match=r"There is no http.*alarm%20clock\.npy"):
        run_fetch(server, tmp_path)
    server.plan = ["403"]
    with pytest.raises(InvalidError, match="refused with 403"):
        run_fetch(server, tmp_path)

    assert len(server.asked) == 2


def test_nobody_there_is_said_after_some_tries(server: FileServer, tmp_path: Path) -> None:
    """With longer and longer waits."""
    waits: list[float] = []

    with pytest.raises(InvalidError, match=r"cannot be fetched: .*refused"):
        fetch_bitmaps("http://127.0.0.1:1/folder", LABEL_SET, tmp_path, lambda *_: None, pause=waits.append)

    assert waits == [2, 4, 8, 16]


def test_two_processes_do_not_write_one_file(server: FileServer, tmp_path: Path) -> None:
    """The second is told to wait."""
    server.plan = ["404"]
    with pytest.raises(NotFoundError):
        run_fetch(server, tmp_path)
    (part,) = tmp_path.rglob("*.part")

    with part.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ConflictError, match="Another process is fetching"):
            run_fetch(server, tmp_path)


def test_progress_is_shown_in_tenths_where_nobody_watches() -> None:
    """A log holds ten lines a file, not thousands."""
    output = io.StringIO()
    bar = DownloadBar(output)

    for num_bytes in range(0, 1_000_001, 1000):
        bar.show("cat.npy", num_bytes, 1_000_000)

    lines = output.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[0] == "cat.npy [###...........................]  10 % of 1.0 MB"
    assert lines[-1].endswith("100 % of 1.0 MB")
