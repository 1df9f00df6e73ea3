"""Do everything once before the first run: what TensorFlow, ONNX and Node load on first use costs seconds."""

import logging
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import tensorflow as tf

from doodle_db.errors import DoodleError
from doodle_db.manifest import Manifest, TrainingData
from doodle_db.model_registry import find_live, get_manifest
from doodle_db.training_sets import LabelledBitmaps
from doodle_web.json_logs import log_event
from training_server.evaluate import predict_logits
from training_server.export import VersionRecord, export_version
from training_server.export_check import check_exports
from training_server.fit import fit
from training_server.parents import load_network
from training_server.progress import SilentObserver
from training_server.steps import TrainingRoom

log = logging.getLogger(__name__)

NUM_ROWS = 256
"""Noise to train on for a few steps; nothing of it is kept."""


def name_device() -> str:
    """Say what TensorFlow trains on: its GPUs, or the processor."""
    gpus = [gpu.name.removeprefix("/physical_device:") for gpu in tf.config.list_physical_devices("GPU")]
    return ", ".join(gpus) or f"CPU ({os.cpu_count()} cores)"


def warm_up(room: TrainingRoom) -> None:
    """
    Train on noise, export and check, with the network that is live; the next run finds everything loaded.

    What goes wrong is logged and left to the first run, which can tell an operator.
    """
    with room.engine.connect() as connection:
        live = find_live(connection)
        manifest = get_manifest(connection, live.version) if live else None
    if manifest is None:
        return
    try:
        with tempfile.TemporaryDirectory(prefix="doodle-warm-up-") as folder:
            _rehearse(room, manifest, Path(folder))
    except DoodleError as refused:
        log_event(log, logging.WARNING, "warm_up_failed", error=str(refused))


def _rehearse(room: TrainingRoom, live: Manifest, folder: Path) -> None:
    noise = make_noise(live)
    network = load_network(room.store, live, folder)
    result = fit(network, noise, replace(room.plan, epochs=1), SilentObserver())
    predict_logits(network, noise.bitmaps)
    record = VersionRecord(
        label_set=room.label_set,
        network=live.network,
        metrics={},
        parent_version=live.version,
        run=None,
        created_at=live.created_at,
        training_data=TrainingData(num_new=0, num_replay=0, num_base=0, watermark=0),
        rejection_threshold=0.0,
        report={"epochs": len(result.epochs)},
    )
    staged = folder / "version"
    staged.mkdir()
    export_version(network, record, staged)
    check_exports(network, live.network, staged, noise.bitmaps[:2], room.runner)


def make_noise(live: Manifest) -> LabelledBitmaps:
    """Make drawings of noise in a version's shape, with its labels in turn."""
    shape = (NUM_ROWS, live.input.height, live.input.width)
    bitmaps = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    return LabelledBitmaps(bitmaps, np.arange(NUM_ROWS) % len(live.labels))
