"""Every rule at the door, and the field it is about."""

import base64
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from doodle_testing.builders import LABEL_SET, SOMEBODY, doodle
from doodle_testing.wire import as_json
from doodle_web.error_pages import problem_of_validation
from model_server.doodle_body import MAX_BATCH, read_bodies, to_doodle

GOOD = as_json(doodle(UUID(int=1)))
NUM_PIXELS = LABEL_SET.height * LABEL_SET.width


def encode(bitmap: bytes) -> str:
    return base64.b64encode(bitmap).decode()


def faults_of(content: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        read_bodies(content, LABEL_SET)
    return {error.field: error.detail for error in problem_of_validation(refused.value).errors}


FAULTS: list[tuple[str, Any, str]] = [
    ("id", "1", "UUID"),
    ("id", 1, "UUID"),
    ("id", None, "UUID"),
    ("id", "{00000000-0000-0000-0000-000000000001}", "UUID"),
    ("id", "00000000000000000000000000000001", "UUID"),
    ("label", "cow", "Unknown label 'cow'; one of bird"),
    ("label", "Cat", "Unknown label"),
    ("label", "cat\n", "Unknown label"),
    ("label", "x" * 1_000_000, "Unknown label"),
    ("label", 3, "Expected a label"),
    ("label", None, "Expected a label"),
    ("bitmap", encode(bytes(NUM_PIXELS)), "blank"),
    ("bitmap", encode(b"x" * (NUM_PIXELS - 1)), "Expected 784 bytes"),
    ("bitmap", encode(b"x" * (NUM_PIXELS + 2)), "has 786 bytes; 28 x 28 = 784 were expected"),
    ("bitmap", encode(b"x" * 1_000), "Expected 784 bytes"),
    ("bitmap", "A" * 10_000_000, "Expected 784 bytes"),
    ("bitmap", "", "Expected 784 bytes"),
    ("bitmap", "!" * 1_048, "no base64"),
    ("bitmap", "é" * 1_048, "no base64"),
    ("bitmap", [0] * NUM_PIXELS, "Expected 784 bytes"),
    ("bitmap", None, "Expected 784 bytes"),
    ("strokes", "M 0 0", ""),
    ("strokes", [[[0, 1], [0]]], ""),
    ("strokes", [[[0, 256], [0, 0]]], ""),
    ("strokes", [[[0, -1], [0, 0]]], ""),
    ("strokes", [[[0.5], [0]]], ""),
    ("strokes", [[[True], [0]]], ""),
    ("strokes", [[["0"], ["0"]]], ""),
    ("strokes", [[0, 0]], ""),
    ("strokes", [{}], ""),
    ("strokes", [[[0], [0], [0]]], ""),
    ("strokes", [[[0], [0]]] * 201, ""),
    ("strokes", [[[0] * 10_001, [0] * 10_001]], ""),
    ("guess", "cow", "Unknown label"),
    ("confidence", 1.01, "less than or equal to 1"),
    ("confidence", -0.01, "greater than or equal to 0"),
    ("confidence", float("inf"), "less than or equal to 1"),
    ("confidence", "0.5", "number"),
    ("confidence", True, "number"),
    ("model_version", "latest", "pattern"),
    ("model_version", "0123456789AB", "pattern"),
    ("model_version", "0123456789ab\n", "pattern"),
    ("known", 1, "boolean"),
    ("known", "yes", "boolean"),
    ("known", True, "Only a guess can be known"),
    ("shadow", "cat", ""),
    ("shadow.version", {"version": "latest", "guess": "cat", "confidence": 0.5}, "pattern"),
    ("shadow.guess", {"version": "0" * 12, "guess": "cow", "confidence": 0.5}, "Unknown label"),
    ("shadow.guess", {"version": "0" * 12, "guess": None, "confidence": 0.5}, "Expected a label"),
    ("shadow.confidence", {"version": "0" * 12, "guess": "cat", "confidence": 1.01}, "less than or equal to 1"),
    ("shadow.confidence", {"version": "0" * 12, "guess": "cat"}, "required"),
    ("shadow.sure", {"version": "0" * 12, "guess": "cat", "confidence": 0.5, "sure": True}, "not permitted"),
    ("contributor", "me", "not permitted"),
    ("source", "base", "not permitted"),
]


@pytest.mark.parametrize(("field", "value", "words"), FAULTS, ids=[f"{f}-{str(v)[:20]!r}" for f, v, _ in FAULTS])
def test_each_fault_names_its_field(field: str, value: Any, words: str) -> None:
    """A page can show the words beside what they are about, alone and in a batch."""
    broken = {**GOOD, field.split(".", maxsplit=1)[0]: value}

    alone = faults_of(broken)
    in_batch = faults_of({"doodles": [GOOD, broken]})

    assert list(alone) == [field]
    assert words in alone[field]
    assert list(in_batch) == [f"doodles[1].{field}"]


@pytest.mark.parametrize("field", ["id", "label", "bitmap"])
def test_a_missing_field_is_named(field: str) -> None:
    """What cannot be made up must be sent."""
    assert list(faults_of({name: value for name, value in GOOD.items() if name != field})) == [field]


def test_every_fault_is_told_at_once() -> None:
    """A client learns all that is wrong in one round."""
    assert list(faults_of({"id": 1, "label": 2, "bitmap": 3, "confidence": 4})) == [
        "id",
        "label",
        "bitmap",
        "confidence",
    ]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ([], "body"),
        ("doodle", "body"),
        (None, "body"),
        ({"doodles": []}, "doodles"),
        ({"doodles": {}}, "doodles"),
        ({"doodles": [GOOD] * (MAX_BATCH + 1)}, "doodles"),
        ({"doodles": [GOOD], "id": GOOD["id"]}, "id"),
        ({"doodles": [3]}, "doodles[0]"),
    ],
)
def test_a_body_is_one_doodle_or_a_batch(content: Any, field: str) -> None:
    """There is no third form, and a batch is bounded."""
    assert list(faults_of(content)) == [field]


def test_a_good_doodle_is_read_whole() -> None:
    """What is stored is what was sent, with who sent it beside it."""
    content = {**GOOD, "strokes": [[[0, 255], [3, 4]]], "guess": "dog", "confidence": 1, "model_version": "0" * 12}
    content["known"] = False

    bodies, is_batch = read_bodies(content, LABEL_SET)
    stored = to_doodle(bodies[0], LABEL_SET, SOMEBODY)

    assert not is_batch
    assert as_json(stored) == content
    assert (stored.contributor, stored.source) == (SOMEBODY, "user")
    assert (stored.height, stored.width) == (LABEL_SET.height, LABEL_SET.width)


def test_optional_fields_may_be_left_out_or_null() -> None:
    """A page whose model has not arrived yet has no guess."""
    short = {name: GOOD[name] for name in ("id", "label", "bitmap")}
    empty = {**short, "strokes": None, "guess": None, "confidence": None, "model_version": None}
    empty["known"] = None

    assert read_bodies(short, LABEL_SET) == read_bodies(empty, LABEL_SET)
