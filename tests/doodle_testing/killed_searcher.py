"""
A process that is killed in the middle of something a search writes.

    python -m doodle_testing.killed_searcher <DATABASE_URL> order|ask|tell

`order`: when its third trial has been entered. `ask`: when the sampler has answered and nothing is written down.
`tell`: when the trial's run has ended, and the sampler has not heard of it.
"""

import os
import signal
import sys
from typing import Any
from unittest.mock import patch
from uuid import UUID

from doodle_db.engine import connect_to
from doodle_testing.paper_trials import train
from doodle_testing.searches import enter_search, trials_of, watch
from doodle_web.tracing import NO_TRACING
from training_server.searches import ordering, trial
from training_server.searches.studies import SearchStudy
from training_server.searches.telling import tell_of
from training_server.trigger import queue_run


def die(*_: Any) -> Any:
    """Be killed, as by the kernel when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_third(enter: Any) -> Any:
    """Queue two runs, and be killed when the third one is entered."""
    keys: list[UUID] = []

    def queue(connection: Any, queue: Any, key: UUID, order: Any) -> None:
        enter(connection, queue, key, order)
        keys.append(key)
        if len(keys) == 3:
            die()

    return queue


def main(database_url: str, moment: str) -> None:
    """Do it until that moment."""
    engine = connect_to(database_url)
    if moment == "order":
        with patch.object(ordering, "queue_run", die_at_third(queue_run)):
            enter_search(engine)
    ask, tell, told = SearchStudy.ask, tell_of, list[Any]()

    def ask_and_die(study: SearchStudy, *said: Any) -> Any:
        ask(study, *said)
        die()

    def die_at_second(*said: Any) -> None:
        # The first time is before the trial is asked for.
        die() if told else told.append(tell(*said))

    dying = (SearchStudy, "ask", ask_and_die) if moment == "ask" else (trial, "tell_of", die_at_second)
    with patch.object(*dying):
        trial.carry_out_trial(engine, watch(engine, trials_of(engine)[0].key), train, NO_TRACING)


if __name__ == "__main__":
    main(*sys.argv[1:])
