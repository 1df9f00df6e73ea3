"""
A process that is killed while it adds a label: before the commit, or between the commit and the answer.

    python -m doodle_testing.killed_labeller <DATABASE_URL> before|after
"""

import os
import signal
import sys

from doodle_db.engine import connect_to
from doodle_db.label_sets import Label
from doodle_db.labels import add_label
from doodle_testing.builders import LABEL_SET


def main(database_url: str, moment: str) -> None:
    """Add a label, and be killed at that moment; prints what came of it, if anything did."""
    with connect_to(database_url).begin() as connection:
        outcome = add_label(connection, LABEL_SET, Label("mouse", "a mouse", "🐭"), actor="ada")
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
    print(outcome, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
