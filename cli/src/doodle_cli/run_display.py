"""A run on the way: a line per stage and epoch that stays, and on a terminal a line that moves below them."""

import shutil
import sys
from typing import Any, TextIO

from doodle_cli.progress import describe_left, describe_number

ERASE_LINE = "\r\x1b[2K"
BAR_CHARACTERS = 12


class RunDisplay:
    """Shows a run again and again, as the API tells it. One thread only; `close` ends the moving line."""

    def __init__(self, output: TextIO | None = None) -> None:
        """
        Args:
            output: where to; standard error when left out, so that standard output is for what came of the run.
        """
        self._output = output or sys.stderr
        self._is_terminal = self._output.isatty()
        self._stage = ""
        self._attempt = 0
        self._num_epochs: int | None = None
        self._num_epochs_shown = 0

    def wants_epochs(self, run: dict[str, Any]) -> bool:
        """Tell whether an epoch may have ended that was not shown yet."""
        num_ended = int((run.get("progress") or {}).get("epoch") or 0)
        return run["state"] == "finished" or num_ended > self._num_epochs_shown

    def show(self, run: dict[str, Any], epochs: list[dict[str, Any]]) -> None:
        """
        Show how a run stands.

        Args:
            run: as the API shows it.
            epochs: those of its curve, where some may be new.
        """
        progress = run.get("progress") or {}
        self._notice_attempt(run.get("attempt") or 0)
        self._num_epochs = progress.get("num_epochs") or self._num_epochs
        told, stage = self._describe_new(epochs, progress), self._describe_change(run)
        for line in [*stage, *told] if progress.get("stage") == "training" else [*told, *stage]:
            self._say(line)
        if self._is_terminal and progress.get("num_steps"):
            line = describe_moment(progress)[: shutil.get_terminal_size().columns - 1]
            self._output.write(f"{ERASE_LINE}{line}")
            self._output.flush()

    def _notice_attempt(self, attempt: int) -> None:
        """Count epochs anew where another worker has taken the run up."""
        if self._attempt and attempt > self._attempt:
            self._num_epochs_shown = 0
            self._say(f"taken up again, attempt {attempt}")
        self._attempt = attempt

    def _describe_new(self, epochs: list[dict[str, Any]], progress: dict[str, Any]) -> list[str]:
        lines = []
        for epoch in epochs:
            is_new = epoch["epoch"] > self._num_epochs_shown
            # An epoch has ended before it is known what it came to on what was held back.
            is_measured = epoch["validation_accuracy"] is not None or epoch["epoch"] < progress.get("epoch", 0)
            if is_new and (is_measured or progress.get("stage") != "training"):
                lines.append(describe_epoch(epoch, self._num_epochs))
                self._num_epochs_shown = epoch["epoch"]
        return lines

    def _describe_change(self, run: dict[str, Any]) -> list[str]:
        stage, before = describe_stage(run), self._stage
        self._stage = stage
        return [stage] if stage != before else []

    def close(self) -> None:
        """Erase the moving line."""
        if self._is_terminal:
            self._output.write(ERASE_LINE)
            self._output.flush()

    def _say(self, line: str) -> None:
        self._output.write(f"{ERASE_LINE if self._is_terminal else ''}{line}\n")
        self._output.flush()


def describe_stage(run: dict[str, Any]) -> str:
    """
    Say in what stage a run is.

    >>> describe_stage({"state": "running", "progress": {"stage": "training"}}), describe_stage({"state": "waiting"})
    ('running: training', 'waiting')
    """
    stage = (run.get("progress") or {}).get("stage")
    note = run.get("note")
    words = f"{run['state']}: {stage}" if stage else str(run["state"])
    return f"{words} ({note})" if note else words


def describe_epoch(epoch: dict[str, Any], num_epochs: int | None) -> str:
    """
    Say what an epoch came to.

    Args:
        epoch: of a curve, as the API shows it.
        num_epochs: planned in all.

    >>> describe_epoch({"epoch": 2, "loss": 0.61, "accuracy": 0.79, "validation_loss": None,
    ...     "validation_accuracy": 0.8, "seconds": 2.44}, 10)
    'epoch 2/10  loss 0.610  accuracy 0.790  validation accuracy 0.800  2.4 s'
    """
    parts = [
        f"epoch {epoch['epoch']}/{num_epochs}" if num_epochs else f"epoch {epoch['epoch']}",
        describe_number("loss", epoch["loss"]),
        describe_number("accuracy", epoch["accuracy"]),
        describe_number("validation loss", epoch["validation_loss"]),
        describe_number("validation accuracy", epoch["validation_accuracy"]),
        f"{epoch['seconds']:.1f} s",
    ]
    return "  ".join(part for part in parts if part)


def describe_moment(progress: dict[str, Any]) -> str:
    """
    Draw how far a training is.

    >>> describe_moment({"step": 30, "num_steps": 120, "epoch": 1, "num_epochs": 4, "loss": 0.7, "accuracy": 0.75,
    ...     "learning_rate": 0.001, "eta_seconds": 9.2})
    '[###.........] 30/120  epoch 2/4  loss 0.700  accuracy 0.750  9 s left  rate 0.001'
    """
    share = progress["step"] / progress["num_steps"]
    full = round(share * BAR_CHARACTERS)
    rate = progress.get("learning_rate")
    parts = [
        f"[{'#' * full}{'.' * (BAR_CHARACTERS - full)}] {progress['step']}/{progress['num_steps']}",
        f"epoch {min(progress['epoch'] + 1, progress['num_epochs'])}/{progress['num_epochs']}",
        describe_number("loss", progress.get("loss")),
        describe_number("accuracy", progress.get("accuracy")),
        describe_left(progress.get("eta_seconds")),
        f"rate {rate:.2g}" if rate is not None else "",
    ]
    return "  ".join(part for part in parts if part)
