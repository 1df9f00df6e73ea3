"""What may be added as a label: bounded, checked, and refused by the field at fault."""

from dataclasses import replace

import pytest

from doodle_db.errors import InvalidLabelError, LabelConflictError
from doodle_db.label_rules import MAX_LABELS, check_new_label
from doodle_db.label_sets import Label, label_set_names, load_label_set
from doodle_testing.builders import LABEL_SET

MOUSE = Label("mouse", "a mouse", "🐭")


@pytest.mark.parametrize(
    "label",
    [
        MOUSE,
        Label("alarm clock", "an alarm clock", "⏰"),
        Label("t-shirt", "a T-shirt", "👕"),
        Label("0", "the digit 0", "0️⃣"),
        Label("family", "a family", "👨‍👩‍👧‍👦"),
        Label("scotland", "Scotland's flag", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
        Label("thumb", "a thumb", "👍🏽"),
        Label("mona_lisa", "eine Maus, größer", "🖼️"),
    ],
)
def test_what_people_draw_may_be_added(label: Label) -> None:
    """Names of Quick, Draw!'s kind, prompts in any language, every kind of emoji."""
    check_new_label(label, LABEL_SET)


@pytest.mark.parametrize("name", label_set_names())
def test_shipped_labels_keep_the_rules(name: str) -> None:
    """The rules for added labels hold for those of the files, too."""
    label_set = load_label_set(name)
    for label in label_set.labels:
        others = tuple(each for each in label_set.labels if each != label)
        check_new_label(label, replace(label_set, labels=others))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Mouse"}, "name"),
        ({"name": "mouse "}, "name"),
        ({"name": "computer  mouse"}, "name"),
        ({"name": "mouse-"}, "name"),
        ({"name": "../mouse"}, "name"),
        ({"name": "mouse\n"}, "name"),
        ({"name": "<b>"}, "name"),
        ({"name": "m" * 41}, "name"),
        ({"name": "máus"}, "name"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": " a mouse"}, "prompt"),
        ({"prompt": "a\nmouse"}, "prompt"),
        ({"prompt": "a mouse\x00"}, "prompt"),
        ({"prompt": "esuom a\u202e"}, "prompt"),
        ({"prompt": "m" * 61}, "prompt"),
        ({"emoji": ""}, "emoji"),
        ({"emoji": "mouse"}, "emoji"),
        ({"emoji": "7"}, "emoji"),
        ({"emoji": "🐭 "}, "emoji"),
        ({"emoji": "<🐭>"}, "emoji"),
        ({"emoji": "鼠"}, "emoji"),
        ({"emoji": "\u202e🐭"}, "emoji"),
        ({"emoji": "🐭" * 17}, "emoji"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_its_field(changed: dict[str, str], field: str) -> None:
    """An operator reads which of the three is wrong, and what was expected."""
    with pytest.raises(InvalidLabelError) as refused:
        check_new_label(replace(MOUSE, **changed), LABEL_SET)

    assert refused.value.field == field


@pytest.mark.parametrize("name", ["cat", "polar bear", "polar_bear", "polar-bear"])
def test_a_name_stands_once_in_any_spelling(name: str) -> None:
    """Two labels that people and files take for one would share its drawings at random."""
    present = replace(LABEL_SET, labels=(*LABEL_SET.labels, Label("polar bear", "a polar bear", "🐻")))

    with pytest.raises(LabelConflictError, match="already"):
        check_new_label(replace(MOUSE, name=name), present)


def test_a_label_set_has_an_end() -> None:
    """However many are added, a page can offer them and a run can replay them."""
    many = tuple(Label(f"thing {number}", "a thing", "🧩") for number in range(MAX_LABELS))

    with pytest.raises(InvalidLabelError, match="at most"):
        check_new_label(MOUSE, replace(LABEL_SET, labels=many))
