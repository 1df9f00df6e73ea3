"""Label sets are files; what they say is checked when they are read."""

from copy import deepcopy
from typing import Any

import pytest

from doodle_db.errors import LabelSetError, UnknownLabelError, UnknownLabelSetError
from doodle_db.label_sets import label_set_names, load_label_set, parse_label_set

VALID: dict[str, Any] = {
    "name": "shapes",
    "base_data": "shapes",
    "input": {"height": 4, "width": 6, "channels": 1},
    "labels": [
        {"name": "circle", "prompt": "a circle", "emoji": "⚪"},
        {"name": "square", "prompt": "a square", "emoji": "⬜"},
    ],
}


@pytest.mark.parametrize("name", label_set_names())
def test_every_shipped_label_set_loads(name: str) -> None:
    """What we ship works, and its file has its name."""
    assert load_label_set(name).name == name


def test_the_shipped_label_sets_are_the_three_of_the_design() -> None:
    """A label set that vanished would take its users' models with it."""
    assert label_set_names() == ("animals", "cat-dog-mouse", "digits")


def test_order_and_shape_are_kept() -> None:
    """The order of the labels is the order of the network's outputs."""
    parsed = parse_label_set(VALID)

    assert parsed.names == ("circle", "square")
    assert (parsed.height, parsed.width, parsed.channels) == (4, 6, 1)


@pytest.mark.parametrize("key", ["name", "base_data", "input", "labels"])
def test_a_missing_key_is_named(key: str) -> None:
    """Whoever writes a label set learns what it lacks."""
    content = {name: value for name, value in VALID.items() if name != key}

    with pytest.raises(LabelSetError, match=key):
        parse_label_set(content)


def test_scanned_digits_do_not_say_how_strange_our_pen_may_be() -> None:
    """Where base data came from another pen, nearly all of it must stay known; elsewhere 95 %."""
    assert {name: load_label_set(name).kept_share for name in label_set_names()} == {
        "animals": 0.95,
        "cat-dog-mouse": 0.95,
        "digits": 0.999,
    }


@pytest.mark.parametrize("share", [0, 1.01, -1])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    """What is to stay known is a part of what is known."""
    with pytest.raises(LabelSetError, match="kept_share"):
        parse_label_set({**VALID, "kept_share": share})


@pytest.mark.parametrize("name", ["", "../etc", "Cat", "<b>", "a" * 41, "cat\n"])
def test_a_malformed_name_is_refused(name: str) -> None:
    """A label's name is stored, shown and put into addresses: it can be neither markup nor a path."""
    content = deepcopy(VALID)
    content["labels"][0]["name"] = name

    with pytest.raises(LabelSetError):
        parse_label_set(content)


def test_a_label_that_stands_there_twice_is_refused() -> None:
    """Two outputs for one label would never both be right."""
    content = deepcopy(VALID)
    content["labels"][1]["name"] = "circle"

    with pytest.raises(LabelSetError):
        parse_label_set(content)


def test_an_unknown_label_set_is_refused_with_the_known_ones() -> None:
    """No file is ever opened by a name somebody sent."""
    with pytest.raises(UnknownLabelSetError, match="animals"):
        load_label_set("../animals")


def test_an_unknown_label_is_refused_with_the_known_ones() -> None:
    """The sender learns the field and what was expected."""
    with pytest.raises(UnknownLabelError, match="circle, square") as refused:
        parse_label_set(VALID).check_label("triangle")

    assert refused.value.field == "label"
