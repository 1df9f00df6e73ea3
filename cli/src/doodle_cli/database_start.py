"""Starting a home's database: what `doodle up` does first, and what a command does on a home that does not run."""

from collections.abc import Callable
from dataclasses import replace

from doodle_cli.database import await_server, clear_stale_pid_file, make_database
from doodle_cli.password_change import find_next_password, settle_password
from doodle_cli.stack import Stack, postgres_child
from doodle_cli.supervisor import POLL_SECONDS, Supervisor

START_SECONDS = 120
"""A database that recovers from a crash on a slow disk needs a while; more than this is a failure."""


def start_database(stack: Stack, supervisor: Supervisor, pause: Callable[[], None]) -> Stack:
    """
    Start PostgreSQL, wait until it answers, and make the database if it is not there.

    Args:
        stack: of a home that is held; its cluster has been created.
        supervisor: looks after it.
        pause: waits POLL_SECONDS; may raise to end the waiting.

    Returns:
        The stack; with another password, if a change of it was killed after the database had heard of it.

    Raises:
        StartError: it does not answer.
    """
    clear_stale_pid_file(stack.home.postgres)
    supervisor.start(postgres_child(stack))
    attempts = int(START_SECONDS / POLL_SECONDS)
    password = await_server(stack.cluster, attempts, pause, find_next_password(stack.home)).password
    settle_password(stack.home.secrets, password)
    make_database(replace(stack.cluster, password=password))
    return replace(stack, secrets=replace(stack.secrets, postgres_password=password))
