"""
The tables. A rule about rows is a constraint here, with its reason beside it; code only translates its violation.

The migrations build the same schema step by step; a test compares the two.
"""

from doodle_db.tables.doodle_tables import doodle_count_changes, doodle_counts, doodle_ids, doodles
from doodle_db.tables.drift_tables import drift_checks
from doodle_db.tables.erasure_tables import erased_pictures, erasures
from doodle_db.tables.label_tables import labels
from doodle_db.tables.model_tables import deletions, deployments, models, pins, shadows
from doodle_db.tables.operator_tables import operator_sessions, operators
from doodle_db.tables.production_tables import production_confidences, production_guesses
from doodle_db.tables.review_tables import reviews, screenings
from doodle_db.tables.run_tables import run_log, run_metrics, run_points, run_reports, runs, workers
from doodle_db.tables.schema import CURRENT_TRANSACTION, metadata
from doodle_db.tables.search_tables import searches

__all__ = [
    "CURRENT_TRANSACTION",
    "deletions",
    "deployments",
    "doodle_count_changes",
    "doodle_counts",
    "doodle_ids",
    "doodles",
    "drift_checks",
    "erased_pictures",
    "erasures",
    "labels",
    "metadata",
    "models",
    "operator_sessions",
    "operators",
    "pins",
    "production_confidences",
    "production_guesses",
    "reviews",
    "run_log",
    "run_metrics",
    "run_points",
    "run_reports",
    "runs",
    "screenings",
    "searches",
    "shadows",
    "workers",
]
