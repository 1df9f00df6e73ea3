"""
Every error of model_server itself; those of the data come from doodle_db.

    DoodleError (doodle_db.errors)
    └── StoreBusyError
"""

from doodle_db.errors import DoodleError


class StoreBusyError(DoodleError):
    """More doodles come in than can be stored just now; send this again in a moment, under the same id."""
