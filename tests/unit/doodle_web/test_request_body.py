"""Bodies are read strictly."""

import json
from time import process_time

import pytest
from flask import Flask
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from doodle_web.request_body import MAX_KEYS, Body, parse_json, read_body


class Point(Body):
    """A body for these tests."""

    x: int
    y: int


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON"),
        (b"{", "line 1, column 2"),
        (b'{"x": 1, "x": 2}', "key 'x' twice"),
        (b'{"x": {"y": 1, "y": 1}}', "key 'y' twice"),
        (b'{"x": NaN}', "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "too deep"),
        (b"9" * 5_000, "too long"),
        (b'{"x": 1} {"x": 2}', "no JSON"),
    ],
)
def test_what_is_no_json_is_told_apart(content: bytes, words: str) -> None:
    """Each way to be no JSON is refused in words that help, and none of them is an internal error."""
    with pytest.raises(BadRequest) as refusal:
        parse_json(content)

    assert words in str(refusal.value.description)


def many_keys(num: int, last: str) -> bytes:
    """Write an object of as many keys, of which one is given."""
    return b"{" + b"".join(b'"%d":0,' % each for each in range(num - 1)) + b'"%s":0}' % last.encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (many_keys(MAX_KEYS, "0"), "key '0' twice"),
        (many_keys(MAX_KEYS + 1, "last"), f"at most {MAX_KEYS}"),
        # The largest that comes this far: a search through it for each key would take minutes.
        (many_keys(200_000, "199998"), f"at most {MAX_KEYS}"),
        (b'{"x":' + many_keys(200_000, "0") + b"}", f"at most {MAX_KEYS}"),
    ],
)
def test_many_keys_are_refused_soon(content: bytes, words: str) -> None:
    """Anybody may send two million bytes: what they cost does not grow with the square of their number."""
    began = process_time()

    with pytest.raises(BadRequest, match=words):
        parse_json(content)

    assert process_time() - began < 1


def test_as_many_keys_as_are_allowed_are_read() -> None:
    """No body of ours has a tenth of them."""
    content = many_keys(MAX_KEYS, "last")

    assert parse_json(content) == json.loads(content)


@pytest.mark.parametrize("content", [b'{"x": "1", "y": 2}', b'{"x": 1.0, "y": 2}', b'{"x": true, "y": 2}', b"[]"])
def test_types_are_not_bent_into_shape(content: bytes) -> None:
    """ "1" is no number, and neither is true."""
    with (
        Flask("test").test_request_context(method="POST", data=content, content_type="application/json"),
        pytest.raises(ValidationError),
    ):
        read_body(Point)


def test_a_body_must_say_it_is_json() -> None:
    """Another site's form can post text/plain, never application/json without our consent."""
    with (
        Flask("test").test_request_context(method="POST", data=b'{"x": 1, "y": 2}', content_type="text/plain"),
        pytest.raises(UnsupportedMediaType),
    ):
        read_body(Point)


def test_a_body_is_bounded() -> None:
    """The app's MAX_CONTENT_LENGTH holds before anything is parsed."""
    app = Flask("test")
    app.config["MAX_CONTENT_LENGTH"] = 10
    with (
        app.test_request_context(method="POST", data=b'{"x": 1, "y": 2}', content_type="application/json"),
        pytest.raises(RequestEntityTooLarge),
    ):
        read_body(Point)


def test_a_good_body_is_read() -> None:
    """Content-Type may carry a charset."""
    content_type = "application/json; charset=utf-8"
    with Flask("test").test_request_context(method="POST", data=b'{"x": 1, "y": 2}', content_type=content_type):
        read = read_body(Point)

    assert read == Point(x=1, y=2)
