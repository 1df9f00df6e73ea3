"""How many rows of a list a request asks for."""

from flask import request

from doodle_db.errors import InvalidError


def read_limit(default: int, at_most: int) -> int:
    """
    Read `limit` of the request's query.

    Args:
        default: where the request does not say.
        at_most: the most it may ask for, below 1,000.

    Raises:
        InvalidError: it is no whole number from 1 to at_most.
    """
    text = request.args.get("limit", str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= at_most):
        raise InvalidError(f"Expected a whole number from 1 to {at_most}.", field="limit")
    return int(text)
