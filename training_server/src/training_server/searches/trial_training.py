"""A trial's training: read the drawings, train the network that is to be tried, measure it."""

from collections.abc import Mapping
from typing import Any

from doodle_db.label_sets import LabelSet
from doodle_db.manifest import NetworkDefinition
from doodle_db.runs import record_plan
from training_server.claims import ClaimedRun
from training_server.errors import ExamplesError
from training_server.fit_plan import adjust_plan
from training_server.heartbeat import WatchedRun
from training_server.material import Material
from training_server.network_arguments import parse_arguments
from training_server.new_labels import read_label_plan
from training_server.outages import outlive_outages
from training_server.progress import Observer
from training_server.scratch import Scratch, read_scratch_material, train_scratch
from training_server.searches.combinations import Params, to_order
from training_server.training_room import TrainingRoom


def train_trial(room: TrainingRoom, watched: WatchedRun, params: Params, observer: Observer) -> Mapping[str, Any]:
    """
    Train and measure what is to be tried.

    Args:
        room: what the worker has.
        watched: the trial's run.
        params: what is to be tried.
        observer: is told of every epoch, and may end the training by raising.

    Returns:
        Metrics of the train split, of what training held back of it, and of the test split.

    Raises:
        ExamplesError: there are too few drawings.
        DivergedError: the weights are no numbers any more.
    """
    order = to_order(params)
    watched.observer.enter("reading")
    label_set, material = outlive_outages(lambda: read(room, watched.run, order), watched.interruption)
    arguments = parse_arguments(order["network"], order["network_args"])
    definition = NetworkDefinition(name=order["network"], arguments=arguments.model_dump())
    plan = adjust_plan(room.scratch_plan, order["train_args"], mirror=label_set.mirror)
    watched.observer.enter("training")
    candidate = train_scratch(Scratch(definition, plan, order["dataset"], label_set), material, observer)
    if candidate.metrics["validation"] is None:
        raise ExamplesError("No drawing was held back to choose by: there are too few. Draw more, or allow more.")
    return candidate.metrics


def read(room: TrainingRoom, run: ClaimedRun, order: Mapping[str, Any]) -> tuple[LabelSet, Material]:
    """Read the labels and the drawings of a trial, all of one moment, and write down how many there are."""
    with room.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        labels = read_label_plan(connection, room.label_set, run.live_version, run.watermark_to)
        seed, at_most = order["train_args"]["seed"], order.get("max_doodles")
        material = read_scratch_material(connection, order["dataset"], labels.label_set, seed, at_most)
    with room.engine.begin() as connection:
        counts = {"num_new_doodles": len(material.new), "num_replay_doodles": len(material.replay)}
        record_plan(connection, run.key, **counts)
    return labels.label_set, material
