"""What can go wrong."""


class RollOutError(Exception):
    """The release did not get through; the message says where, and what runs now."""
