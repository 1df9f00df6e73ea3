"""Strokes, a drawing a line: rasterised as the page rasterises, stored with the drawing, faults named by their line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doodle_db.base_data import base_id, read_base_batches
from doodle_db.base_sources import ndjson, read_drawings
from doodle_db.base_sources.ndjson import read_ndjson
from doodle_db.errors import InvalidError
from doodle_db.ink import rasterise
from doodle_db.label_sets import Label, LabelSet
from doodle_testing.builders import LABEL_SET

LINE = [[[0, 255], [0, 255]]]
HOOK = [[[0, 0, 90], [0, 255, 255]], [[30], [40]]]


def write(path: Path, *drawings: dict[str, Any] | str) -> Path:
    lines = [each if isinstance(each, str) else json.dumps(each) for each in drawings]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def drawing(word: str, strokes: Any, **more: Any) -> dict[str, Any]:
    return {"word": word, "key_id": "1", "drawing": strokes, **more}


def test_strokes_become_our_bitmaps_and_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored is both; drawings of other labels are left out."""
    monkeypatch.setattr(ndjson, "ROWS_AT_ONCE", 2)
    path = write(
        tmp_path / "d.ndjson",
        drawing("cat", LINE),
        drawing("zebra", LINE),
        "",
        drawing("dog", HOOK),
        drawing("cat", HOOK),
    )

    batches = list(read_ndjson(path, LABEL_SET))

    assert [list(batch.labels) for batch in batches] == [["cat", "dog"], ["cat"]]
    assert [list(batch.strokes) for batch in batches] == [[LINE, HOOK], [HOOK]]
    np.testing.assert_array_equal(batches[0].bitmaps[1], rasterise(HOOK, 28, 28))


def test_a_drawing_has_one_id_in_every_format(tmp_path: Path) -> None:
    """So that it stays in its split, whichever file it came from."""
    path = write(tmp_path / "d.ndjson", drawing("cat", LINE))

    (batch,) = read_base_batches(path, LABEL_SET)

    assert batch.ids == (base_id("cat", rasterise(LINE, 28, 28).tobytes()),)
    assert batch.strokes == (LINE,)


def test_what_was_not_recognized_can_be_left_out(tmp_path: Path) -> None:
    """By default every drawing is taken."""
    path = write(tmp_path / "d.ndjson", drawing("cat", LINE, recognized=False), drawing("cat", HOOK, recognized=True))

    assert sum(len(batch) for batch in read_drawings(path, LABEL_SET)) == 2
    (batch,) = read_drawings(path, LABEL_SET, recognized_only=True)
    assert list(batch.strokes) == [HOOK]


def test_only_ndjson_tells_what_was_recognized(tmp_path: Path) -> None:
    """Asked of another format, the question is refused, not forgotten."""
    np.save(tmp_path / "cat.npy", np.ones((1, 784), np.uint8))

    with pytest.raises(InvalidError, match="Only ndjson tells"):
        list(read_drawings(tmp_path / "cat.npy", LABEL_SET, recognized_only=True))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2 is no JSON"),
        ("[" * 100_000, "line 2 is no JSON"),
        ('"cat"', "line 2 is no JSON object"),
        ('{"drawing": []}', "line 2 has no word"),
        (json.dumps(drawing("cat", None)), "line 2: Strokes are a list"),
        (json.dumps(drawing("cat", [[[0, 256], [0, 0]]])), r"line 2: strokes\[0\] xs\[1\] is 256"),
        (json.dumps(drawing("cat", [[[0], [0]], [[1, 2], [1]]])), r"line 2: strokes\[1\] has 2 xs and 1 ys"),
        (json.dumps(drawing("cat", [[[0.5], [0.5], [0]]])), "line 2 has times, as raw drawings do"),
        (json.dumps(drawing("cat", LINE, more="x" * 1_000_000)), "line 2 is longer than 1000000 bytes"),
        ("\x00\xff", "line 2 is no JSON"),
    ],
    ids=["json", "depth", "object", "word", "none", "range", "uneven", "raw", "long", "binary"],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: str, words: str) -> None:
    """File, line and place in it."""
    path = write(tmp_path / "d.ndjson", drawing("cat", LINE), line)

    with pytest.raises(InvalidError, match=rf"d\.ndjson, {words}"):
        list(read_ndjson(path, LABEL_SET))


def test_a_line_that_does_not_tell_is_named(tmp_path: Path) -> None:
    """Whoever asks for recognized drawings hears that the file does not know."""
    path = write(tmp_path / "d.ndjson", drawing("cat", LINE))

    with pytest.raises(InvalidError, match="line 1 does not tell whether it was recognized"):
        list(read_ndjson(path, LABEL_SET, recognized_only=True))


@pytest.mark.needs_data
def test_real_strokes_become_quick_draws_own_bitmaps(data_dir: Path) -> None:
    """The drawings of two labels, and no other, as Google's recipe draws them (all of them: tests/parity)."""
    labels = LabelSet(
        name="two",
        labels=(Label("cat", "a cat", "🐱"), Label("alarm_clock", "a clock", "⏰")),
        height=28,
        width=28,
        channels=1,
        base_data="",
    )
    path = data_dir / "strokes" / "quickdraw-345.ndjson"
    with path.open(encoding="utf-8") as lines:
        words = [json.loads(line)["word"] for line in lines]
    rows = [row for row, word in enumerate(words) if word in {"cat", "alarm clock"}]
    theirs = np.load(data_dir / "strokes" / "quickdraw-345.bitmaps.npy")[rows]

    (batch,) = read_ndjson(path, labels)

    assert len(batch) == len(rows) > 30
    assert (batch.bitmaps.reshape(-1, 784) == theirs).mean() > 0.995
