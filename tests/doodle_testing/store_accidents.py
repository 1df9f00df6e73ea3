"""What may happen to an artifact store between two of its steps: somebody else acts, or it is killed."""

from collections.abc import Callable
from typing import Any

from doodle_db.artifacts import ArtifactStore


class KilledError(BaseException):
    """Stands in for a kill: nothing after it is done, and nobody catches it."""


def before(store: ArtifactStore, method: str, act: Callable[[], None]) -> None:
    """Let something happen just before a step of a store's, once."""
    step = getattr(store, method)
    done: list[bool] = []

    def act_first(*arguments: Any) -> Any:
        if not done:
            done.append(True)
            act()
        return step(*arguments)

    setattr(store, method, act_first)


def die(*_: Any) -> None:
    """Be killed."""
    raise KilledError


def die_at_write(store: ArtifactStore, survive: int) -> None:
    """Let a store be killed before one of its writes."""
    files: Any = store._files
    create = files.create
    written: list[str] = []

    def create_or_die(name: str, content: bytes) -> None:
        if len(written) == survive:
            raise KilledError
        written.append(name)
        create(name, content)

    files.create = create_or_die
