"""What a label that is added must be: decided before it is stored, and told by the field at fault."""

import unicodedata

from doodle_db.errors import InvalidLabelError, LabelConflictError
from doodle_db.label_sets import LABEL_NAME, Label, LabelSet

MAX_LABELS = 100
"""Of a label set, the file's included: a page offers them all, and every one takes its share of each run's replay."""

MAX_PROMPT_CHARACTERS = 60
"""Stands in "Can you draw ...?" on a phone."""

MAX_EMOJI_CHARACTERS = 16
"""The longest emoji in use, families and flags of regions, are sequences of 7 to 10 code points."""

_JOINERS = "\u200c\u200d"
"""Invisible, but needed: they shape letters of some scripts, and join emoji."""

_EMOJI_ASCII = "0123456789#*"
"""With U+20E3 they make keycaps; the shipped digits have such ones."""


def check_new_label(label: Label, label_set: LabelSet) -> None:
    """
    Refuse a label that cannot be added to a label set.

    Args:
        label: new.
        label_set: with all labels it has by now.

    Raises:
        InvalidLabelError: name, prompt or emoji breaks a rule, or the label set is full.
        LabelConflictError: the label set has it already, perhaps in another spelling.
    """
    check_name(label.name)
    check_prompt(label.prompt)
    check_emoji(label.emoji)
    alike = [name for name in label_set.names if _spelling_of(name) == _spelling_of(label.name)]
    if alike:
        raise LabelConflictError(f"The label set {label_set.name} has the label {alike[0]!r} already.", field="name")
    if len(label_set.labels) >= MAX_LABELS:
        raise InvalidLabelError(
            f"The label set {label_set.name} has {len(label_set.labels)} labels; at most {MAX_LABELS} are possible.",
            field="name",
        )


def check_name(name: str) -> None:
    """
    Refuse a name that rows, URLs and files could not all carry.

    Raises:
        InvalidLabelError: it is malformed.

    >>> check_name("alarm clock")
    """
    if not LABEL_NAME.fullmatch(name) or name != " ".join(name.split()) or name[-1] in "_-":
        raise InvalidLabelError(
            f"A label's name has 1 to 40 characters of a-z, 0-9, space, _ and -, begins and ends with a letter or "
            f"digit, and has no two spaces in a row; got {name[:60]!r}.",
            field="name",
        )


def check_prompt(prompt: str) -> None:
    """
    Refuse words that could not stand in "Can you draw ...?".

    Raises:
        InvalidLabelError: they are empty, too long, more than a line, or have characters that cannot be seen.

    >>> check_prompt("an alarm clock")
    """
    words = " ".join(prompt.split())
    hidden = [sign for sign in prompt if unicodedata.category(sign).startswith("C") and sign not in _JOINERS]
    if not words or prompt != words or len(prompt) > MAX_PROMPT_CHARACTERS or hidden:
        raise InvalidLabelError(
            f'A prompt is one line of 1 to {MAX_PROMPT_CHARACTERS} visible characters that ends "Can you draw ...?", '
            f"as in 'a mouse', without spaces at its ends; got {prompt[:80]!r}.",
            field="prompt",
        )


def check_emoji(emoji: str) -> None:
    """
    Refuse what is no emoji: a name beside it would be read twice.

    Whether a device has a picture for it nobody can know here; only what certainly is none is refused.

    Raises:
        InvalidLabelError: it is empty, too long, or holds letters, spaces or markup.

    >>> check_emoji("🐭")
    """
    is_ascii = emoji.isascii()
    if is_ascii or len(emoji) > MAX_EMOJI_CHARACTERS or not all(_is_of_an_emoji(sign) for sign in emoji):
        raise InvalidLabelError(
            f"An emoji is one picture sign of at most {MAX_EMOJI_CHARACTERS} code points, as in '🐭'; "
            f"got {emoji[:40]!r}.",
            field="emoji",
        )


def _is_of_an_emoji(sign: str) -> bool:
    if sign.isascii():
        return sign in _EMOJI_ASCII
    category = unicodedata.category(sign)
    is_tag = 0xE0020 <= ord(sign) <= 0xE007F
    # "Cn" is what this Python's Unicode does not know yet: emoji of later years.
    return sign == "\u200d" or is_tag or category in {"So", "Sk", "Sm", "Mn", "Me", "Po", "Cn"}


def _spelling_of(name: str) -> str:
    """Spell names that people and files take for one alike: "t-shirt", "t_shirt" and "t shirt"."""
    return name.replace("_", " ").replace("-", " ")
