"""Telling trackers: their troubles are never a run's."""

from pathlib import Path

import pytest

from training_server.errors import TrackerError
from training_server.figures import Figure, list_figures, list_parameters
from training_server.report_format import Report
from training_server.trackers import Tracker, tell

SAMPLE = Path(__file__).parents[2] / "doodle_testing" / "report.json"


@pytest.fixture
def report() -> Report:
    return Report.model_validate_json(SAMPLE.read_bytes())


@pytest.mark.parametrize("trouble", [OSError("no room"), TrackerError("no answer")])
def test_who_cannot_be_told_keeps_nobody_else(
    report: Report, trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """The next one is told all the same, and the log says who was not."""
    told: list[Report] = []

    def refuse(_: Report) -> None:
        raise trouble

    with caplog.at_level("WARNING"):
        tell([Tracker("first", refuse), Tracker("second", told.append)], report)

    assert told == [report]
    assert [record.message for record in caplog.records] == ["tracker_failed"]


def test_figures_have_their_step(report: Report) -> None:
    """Curves by epoch; what is measured once stands at the epoch that was kept."""
    figures = list_figures(report)

    assert Figure("loss/training", 0.5, 2) in figures
    assert Figure("cost/multiply_adds", 2_688_192.0, 3) in figures
    assert Figure("left_out/duplicate", 1.0, 3) in figures
    assert Figure("base_live/accuracy", report.holdouts[1].live.accuracy, 3) in figures  # type: ignore[union-attr]
    assert len({(figure.name, figure.step) for figure in figures}) == len(figures)


def test_an_early_report_has_few_figures(report: Report) -> None:
    """A run with nothing to train on is no error."""
    early = report.model_copy(
        update={
            "training": None,
            "model": None,
            "holdouts": [],
            "verdict": None,
            "stage_seconds": {},
            "screening": None,
        }
    )

    assert list_figures(early) == []
    assert list_parameters(early)["num_new"] == "6"


def test_parameters_are_texts(report: Report) -> None:
    """Plan, network and verdict."""
    parameters = list_parameters(report)

    assert (parameters["batch_size"], parameters["network"], parameters["num_base"]) == ("64", "mlp", "9")
    assert parameters["verdict"] == (report.verdict or {})["outcome"]
