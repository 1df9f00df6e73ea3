"""Who drew, as far as anybody is told: a name that leads back neither to an address nor to the stored key."""

import hashlib

from sqlalchemy import ColumnElement, Text, literal_column

from doodle_db.errors import InvalidError
from doodle_db.tables.doodle_tables import CONTRIBUTOR_NAME

NAME_DIGITS = 8
"""Enough to tell the contributors of a page apart; of 9,300 contributors, two share a name with probability 0.01."""

FULL_NAME_DIGITS = 64


def name_contributor(contributor: bytes) -> str:
    """
    Give what a contributor is called on a page.

    >>> name_contributor(bytes(16))
    '374708ff'
    """
    return fully_name(contributor)[:NAME_DIGITS]


def fully_name(contributor: bytes) -> str:
    """Give the whole of a contributor's name, which nobody else has; what is on a page is its beginning."""
    return hashlib.sha256(contributor).hexdigest()


def is_named(name: str) -> ColumnElement[bool]:
    """
    Give the rule that a doodle's contributor is called so on a page; through the index doodles_by_name.

    Args:
        name: its first NAME_DIGITS count.
    """
    return literal_column(CONTRIBUTOR_NAME, Text) == name[:NAME_DIGITS]


def check_name(text: str, field: str = "contributor", at_most: int = NAME_DIGITS) -> str:
    """
    Read a contributor's name.

    Args:
        text: as it came.
        field: the name it came under.
        at_most: how many digits may be given: NAME_DIGITS, or more to tell apart those who share them.

    Raises:
        InvalidError: this is none.

    >>> check_name("374708ff")
    '374708ff'
    """
    if not NAME_DIGITS <= len(text) <= at_most or not set(text) <= set("0123456789abcdef"):
        digits = f"{NAME_DIGITS}" if at_most == NAME_DIGITS else f"{NAME_DIGITS} to {at_most}"
        raise InvalidError(
            f"Expected a contributor's name as it stands on the page: {digits} digits of 0-9a-f.", field=field
        )
    return text
