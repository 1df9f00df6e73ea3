"""
Every error doodle_cli raises, as a tree:

    CliError
    ├── HomeBusyError
    ├── NotRunningError
    ├── PortTakenError
    ├── NotInstalledError
    ├── StartError
    ├── PostgresError
    ├── SettingsError
    ├── ServerUnreachableError
    ├── ProblemError
    └── SmokeError

Each ends the command with exit code 1 and its message as one line.
"""

import click


class CliError(click.ClickException):
    """A command could not do what it was asked to."""


class HomeBusyError(CliError):
    """Another `doodle up` runs on this home."""


class NotRunningError(CliError):
    """No `doodle up` runs on this home."""


class PortTakenError(CliError):
    """Somebody else listens on the port."""


class NotInstalledError(CliError):
    """Something that is built or installed beforehand is missing."""


class StartError(CliError):
    """A part of the stack did not start."""


class PostgresError(CliError):
    """A program of PostgreSQL failed."""


class SettingsError(CliError):
    """A setting of the environment is wrong."""


class ServerUnreachableError(CliError):
    """No server answers at the address."""


class ProblemError(CliError):
    """The server refused the request."""


class SmokeError(CliError):
    """A site answers, but does not work."""


class StopRequestedError(Exception):
    """Somebody asked `doodle up` to stop while it was still starting; not a failure."""
