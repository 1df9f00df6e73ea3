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
        "running: training",
        "epoch 1/2  loss 0.500  accuracy 0.750  validation loss 0.600  validation accuracy 0.700  1.5 s",
    ]


def test_a_terminal_has_a_bar_that_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is erased before a line that stays, never wider than the terminal, and gone at the end."""
    monkeypatch.setenv("COLUMNS", "50")
    output = Terminal()
    display = RunDisplay(output)
    display.show(run(), [EPOCH])
    display.close()

    stage, said, bar, end = output.getvalue().split(ERASE_LINE)[1:]
    assert said.startswith("epoch 1/2")
    assert stage == "running: training\n"
    assert bar == "[######......] 9/18  epoch 2/2  loss 0.500  accur"
    assert end == ""


def test_an_epoch_waits_until_it_is_measured() -> None:
    """What it came to on what was held back is known a moment later; where there is nothing, it ends with the stage."""
    output, unmeasured = io.StringIO(), EPOCH | {"validation_loss": None, "validation_accuracy": None}
    display = RunDisplay(output)
    display.show(run(), [unmeasured])
    assert display.wants_epochs(run())
    display.show(run(stage="testing"), [unmeasured])

    assert output.getvalue().splitlines()[1:] == ["epoch 1/2  loss 0.500  accuracy 0.750  1.5 s", "running: testing"]


def test_a_run_that_is_taken_up_again_counts_its_epochs_anew() -> None:
    """Its first worker was lost after an epoch; the second one's first epoch is shown, too."""
    output = io.StringIO()
    display = RunDisplay(output)
    for attempt in (1, 2):
        display.show(run() | {"attempt": attempt}, [EPOCH])

    lines = output.getvalue().splitlines()
    assert [line.partition("  ")[0] for line in lines] == [
        "running: training",
        "epoch 1/2",
        "taken up again, attempt 2",
        "epoch 1/2",
    ]
