"""What the database holds of labels that the live version does not know."""

from sqlalchemy import Connection, select

from doodle_db.label_sets import LabelSet
from doodle_db.labels import read_label_set
from doodle_db.manifest import Manifest
from doodle_db.model_registry import get_manifest
from doodle_db.tables import runs
from doodle_db.training_sets import count_of_label
from training_server.label_plan import LabelPlan, Stock, find_new, is_enough, plan_labels

NUM_TRIES_READ = 200
"""Verdicts that are looked back on; a label that was turned away longer ago may try again."""


def read_label_plan(connection: Connection, shipped: LabelSet, parent_version: str, before: int) -> LabelPlan:
    """
    Read which labels there are, and decide which of them a run learns.

    Args:
        connection: in the transaction that reads the run's material, so that all is of one moment.
        shipped: the label set as its file has it.
        parent_version: what the run begins from.
        before: a horizon (doodle_db.watermark).

    Raises:
        LabelsDifferError: the parent is of another label set.
    """
    present, parent = read_label_set(connection, shipped), get_manifest(connection, parent_version)
    return plan_labels(present, parent, count_stocks(connection, present, parent, before))


def is_label_ready(connection: Connection, shipped: LabelSet, live_version: str, before: int) -> bool:
    """
    Tell whether a run would learn a new label now.

    Args:
        connection: any.
        shipped: the label set as its file has it.
        live_version: the version it would begin from.
        before: a horizon (doodle_db.watermark).
    """
    present, parent = read_label_set(connection, shipped), get_manifest(connection, live_version)
    return any(is_enough(stock) for stock in count_stocks(connection, present, parent, before).values())


def count_stocks(connection: Connection, present: LabelSet, parent: Manifest, before: int) -> dict[str, Stock]:
    """
    Count the drawings of the labels a version does not know, whenever they came: none is lost while they are too few.

    Args:
        connection: any.
        present: the label set as it is now.
        parent: the version.
        before: drawings recorded before this transaction; a horizon (doodle_db.watermark).
    """
    new = find_new(present, parent)
    tried = read_tries(connection) if new else {}
    return {
        name: Stock(
            count_of_label(connection, present, name, "train", before),
            count_of_label(connection, present, name, "test", before),
            tried.get(name, 0),
        )
        for name in new
    }


def read_tries(connection: Connection) -> dict[str, int]:
    """Read, for each label a candidate was turned away with, how many drawings of it that one had learnt from."""
    # A network from scratch may be turned away for other reasons.
    rejected = select(runs.c.metrics["grown"]).where(
        runs.c.kind == "delta",
        runs.c.state == "finished",
        runs.c.verdict["outcome"].as_string() == "rejected",
        runs.c.metrics.has_key("grown"),
    )
    tries: dict[str, int] = {}
    for grown in connection.execute(rejected.order_by(runs.c.finished_at.desc()).limit(NUM_TRIES_READ)).scalars():
        for name, num_train in grown.items():
            tries[name] = max(tries.get(name, 0), int(num_train))
    return tries
