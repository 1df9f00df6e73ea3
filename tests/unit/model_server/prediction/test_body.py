"""What is looked at before a question is parsed, and before its version is known."""

import base64
from typing import Any

import pytest
from werkzeug.exceptions import BadRequest

from doodle_db.errors import InvalidError
from doodle_db.ink.limits import MAX_STROKES
from doodle_testing.builders import manifest
from model_server.prediction.body import MAX_ITEMS, find_version, has_images, parse_question, read_question

SHAPE = manifest().input
LONGEST = '{"strokes": [' + ",".join(["[[0,1],[0,1]]"] * MAX_STROKES) + "]}"


def test_the_largest_question_is_parsed() -> None:
    """64 drawings of 200 strokes, data URLs and all."""
    url = '{"image": "data:image/png;base64,AAAA"}'
    body = '{"items": [' + ",".join([LONGEST, url] * (MAX_ITEMS // 2)) + '], "top_k": 5, "version": "0123456789ab"}'

    assert len(parse_question(body.encode())["items"]) == MAX_ITEMS


@pytest.mark.parametrize("part", [b"[],", b"{},", b'"",', b"1,", b"[["])
def test_what_grows_in_memory_is_not_parsed(part: bytes) -> None:
    """Lists, objects, texts, numbers, nesting: a megabyte of any of them is no question."""
    with pytest.raises(InvalidError, match="more parts"):
        parse_question(b"[" + part * 350_000)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[NaN]", b"[" * 10_000])
def test_what_is_no_json_is_said_to_be_none(body: bytes) -> None:
    """As with every other route."""
    with pytest.raises(BadRequest):
        parse_question(body)


@pytest.mark.parametrize("content", [None, 1, "x", [], {}, {"version": 1}, {"version": "latest"}, {"version": None}])
def test_what_names_no_version_is_asked_of_the_live_one(content: Any) -> None:
    """What is wrong with it is said together with everything else that is."""
    assert find_version(content) is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"image": "x"}, True),
        ({"items": [{"strokes": []}, {"image": 5}]}, True),
        ({"items": [{"strokes": []}]}, False),
        ({"items": 5}, False),
        ({"items": {"image": "x"}}, False),
        ({"items": ["image", None]}, False),
        ([{"image": "x"}], False),
        (None, False),
    ],
)
def test_pictures_are_found_before_they_are_read(content: Any, expected: bool) -> None:
    """They have a lane of their own; what is no question has none to be decoded."""
    assert has_images(content) is expected


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,", "DATA:IMAGE/JPEG;BASE64,", "data:image/webp;base64,"])
def test_a_picture_is_base64_with_or_without_a_data_url(prefix: str) -> None:
    """What the file really is, its own bytes say."""
    (drawing,), top_k, is_batch = read_question({"image": prefix + base64.b64encode(b"bytes").decode()}, SHAPE)

    assert (drawing.image, top_k, is_batch) == (b"bytes", 3, False)
