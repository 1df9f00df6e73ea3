"""A run on the way: lines that stay, and on a terminal one that moves."""

import io
from typing import Any

import pytest

from doodle_cli.run_display import ERASE_LINE, RunDisplay

PROGRESS = {"stage": "training", "epoch": 1, "num_epochs": 2, "step": 9, "num_steps": 18, "loss": 0.5, "accuracy": 0.75}
EPOCH = {"epoch": 1, "loss": 0.5, "accuracy": 0.75, "validation_loss": 0.6, "validation_accuracy": 0.7, "seconds": 1.5}


class Terminal(io.StringIO):
    """An output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def run(**progress: Any) -> dict[str, Any]:
    return {"state": "running", "progress": PROGRESS | progress}


def test_a_file_gets_lines_only() -> None:
    """Where nothing can move, every stage and epoch is told once, and no step."""
    output = io.StringIO()
    display = RunDisplay(output)
    for step in (9, 10, 11):
        display.show(run(step=step), [EPOCH])
    display.close()

    assert output.getvalue().splitlines() == [
        "epoch 1/2  loss 0.500  accuracy 0.750  validation loss 0.600  validation accuracy 0.700  1.5 s",
        "running: training",
    ]


def test_a_terminal_has_a_bar_that_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is erased before a line that stays, never wider than the terminal, and gone at the end."""
    monkeypatch.setenv("COLUMNS", "50")
    output = Terminal()
    display = RunDisplay(output)
    display.show(run(), [EPOCH])
    display.close()

    said, stage, bar, end = output.getvalue().split(ERASE_LINE)[1:]
    assert said.startswith("epoch 1/2")
    assert stage == "running: training\n"
    assert bar == "[############............] 9/18  epoch 2/2  loss "
    assert end == ""


def test_a_run_that_is_taken_up_again_counts_its_epochs_anew() -> None:
    """Its first worker was lost after an epoch; the second one's first epoch is shown, too."""
    output = io.StringIO()
    display = RunDisplay(output)
    display.show(run(), [EPOCH])
    display.show(run(stage="reading", epoch=0), [])
    display.show(run(), [EPOCH])

    assert output.getvalue().count("epoch 1/2") == 2
