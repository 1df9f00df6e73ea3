"""Who else is told of a run that has ended: TensorBoard, MLflow. Whatever becomes of them, the run has ended well."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from doodle_web.json_logs import log_event
from training_server.errors import TrackerError
from training_server.report_format import Report

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tracker:
    """
    One place that keeps runs.

    Attributes:
        name: for the log.
        keep: takes a report; raises OSError or TrackerError where it cannot.
    """

    name: str
    keep: Callable[[Report], object]


def tell(trackers: Sequence[Tracker], report: Report) -> None:
    """Tell everybody; who cannot be told is logged."""
    for tracker in trackers:
        try:
            tracker.keep(report)
        except (OSError, TrackerError) as failed:
            log_event(log, logging.WARNING, "tracker_failed", tracker=tracker.name, error=str(failed))
