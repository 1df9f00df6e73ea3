"""What the ink package raises."""

from doodle_db.errors import InvalidError


class InkError(InvalidError):
    """The strokes are no drawing."""
