"""
A worker whose trials are of paper: queue, heartbeat, sampler and rows are the real ones, only the training is not.

PAPER_HOLD: "yes" holds the first trial it takes until the file PAPER_UNTIL names exists. A trial of PAPER_BREAK fails.
"""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from doodle_testing.paper_worker import main
from doodle_web.tracing import NO_TRACING
from training_server.heartbeat import WatchedRun
from training_server.progress import EpochResult, Observer, Progress
from training_server.searches.combinations import Params
from training_server.searches.trial import carry_out_trial


def score(params: Mapping[str, Any]) -> float:
    """Give the accuracy of paper: the higher the learning rate and the wider the network, the better."""
    return round(0.5 + 10 * float(params["LEARNING_RATE"]) + int(params.get("FIRST_UNITS", 0)) / 10_000, 6)


def train(watched: WatchedRun, params: Params, observer: Observer) -> Mapping[str, Any]:
    """Train nothing, in one epoch."""
    watched.observer.enter("training")
    observer.report(Progress("training", 0, 1, 1, 2, 0.5, 0.5, 1.0))
    if os.environ.get("PAPER_BREAK") == str(watched.run.trial):
        raise RuntimeError("it broke")
    if os.environ.get("PAPER_HOLD") == "yes":
        hold(observer, Path(os.environ.get("PAPER_UNTIL", "/nowhere")))
    accuracy = score(params)
    observer.report(Progress("training", 1, 1, 2, 2, 0.5, accuracy, 0.0))
    observer.end_epoch(EpochResult(1, 0.5, accuracy, 0.5, accuracy))
    measured = {"num_doodles": 1, "accuracy": accuracy, "log_loss": 0.5, "recalls": {}}
    return {"train": measured, "validation": measured, "test": measured}


def hold(observer: Observer, until: Path) -> None:
    """Train on and on, until there is a file or somebody does not want it any more."""
    while not until.exists():
        observer.check_stop()
        time.sleep(0.01)


def carry_out(engine: Engine, watched: WatchedRun) -> None:
    """Carry out a trial."""
    carry_out_trial(engine, watched, train, NO_TRACING)


if __name__ == "__main__":
    sys.exit(main(carry_out))
