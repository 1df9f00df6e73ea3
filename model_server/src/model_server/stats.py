"""GET /stats: how many doodles there are, and how many wait for the next run."""

from flask import Blueprint, Response, jsonify

from doodle_db.doodle_counts import count_by_label
from doodle_db.labels import read_label_set
from doodle_db.training_counts import count_for_training
from doodle_web.context import current_context
from model_server.parts import current_parts

stats = Blueprint("stats", __name__)

MAX_WAITING = 100_000
"""Counting ends there: whoever looks at the number wants to know how far it is to the next run."""


@stats.get("/stats")
def show_stats() -> Response:
    """Count the users' accepted doodles, by label."""
    settings = current_parts().settings
    with current_context().engine.connect() as connection:
        label_set = read_label_set(connection, settings.label_set)
        counted = count_by_label(connection)
        waiting = count_for_training(connection, at_most=MAX_WAITING)
    return jsonify(
        num_doodles=sum(counted.values()),
        labels={name: counted.get(name, 0) for name in label_set.names},
        num_waiting=waiting.num_new,
        delta_min_doodles=settings.delta_min_doodles,
    )
