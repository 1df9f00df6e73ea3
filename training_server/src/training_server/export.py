"""Write a trained network as a version: TensorFlow.js, ONNX, plain weights, report, manifest."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.artifacts import MANIFEST_NAME
from doodle_db.bitmap import PREPROCESSING_VERSION
from doodle_db.label_sets import LabelSet
from doodle_db.manifest import (
    FileRole,
    HoldoutMetrics,
    InputShape,
    Manifest,
    NetworkDefinition,
    Rejection,
    SelfCheck,
    TrainingData,
    VersionFile,
    manifest_labels,
    version_of,
)
from training_server.evaluate import predict_logits
from training_server.freeze import freeze, fuse
from training_server.graph_format import WEIGHTS_NAME, write_graph_model
from training_server.multiply_adds import count_multiply_adds
from training_server.onnx_format import write_onnx
from training_server.report_format import Report, shorten
from training_server.run_report import add_model
from training_server.weights import read_weights, save_weights

FILES: Mapping[FileRole, str] = {
    "tfjs_model": "model.json",
    "tfjs_weights": WEIGHTS_NAME,
    "onnx": "model.onnx",
    "weights": "weights.npz",
    "report": "report.json",
}

SELF_CHECK_TOLERANCE = 1e-4
"""Largest difference of a logit: ten times what the export check allows, for other kernels and processors."""


@dataclass(frozen=True)
class VersionRecord:
    """
    What a manifest says beyond the weights.

    Attributes:
        label_set: the labels in the order of the logits.
        network: name and arguments the network was built from.
        metrics: by holdout.
        parent_version: whose weights training started from.
        run: the run that made it.
        created_at: when, with a time zone.
        training_data: how many rows of which kind.
        rejection: see rejection.choose_rejection.
        report: what else is worth keeping; public, so without drawings. What the version costs is added to it.
    """

    label_set: LabelSet
    network: NetworkDefinition
    metrics: Mapping[str, HoldoutMetrics]
    parent_version: str | None
    run: UUID | None
    created_at: datetime
    training_data: TrainingData
    rejection: Rejection
    report: Report


def export_version(network: keras.Model, record: VersionRecord, folder: Path) -> Manifest:
    """
    Write all files of a version into a folder, the manifest last.

    Args:
        network: trained; ends in logits.
        record: everything else the manifest says.
        folder: exists and is empty.

    Returns:
        The manifest as written.

    Raises:
        ExportError: the network uses something TensorFlow.js cannot run.
    """
    graph = freeze(network)
    model = write_graph_model(fuse(graph))
    (folder / FILES["tfjs_model"]).write_bytes(model.model_json)
    (folder / FILES["tfjs_weights"]).write_bytes(model.weights)
    (folder / FILES["onnx"]).write_bytes(write_onnx(graph))
    save_weights(folder / FILES["weights"], read_weights(network))
    files = [_describe_file(folder, role) for role in FILES if role != "report"]
    manifest = _describe(network, record, files)
    report = shorten(add_model(record.report, manifest, count_multiply_adds(network)))
    (folder / FILES["report"]).write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
    manifest = manifest.model_copy(update={"files": [*files, _describe_file(folder, "report")]})
    (folder / MANIFEST_NAME).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return manifest


def _describe(network: keras.Model, record: VersionRecord, files: list[VersionFile]) -> Manifest:
    label_set = record.label_set
    return Manifest(
        format_version=1,
        version=version_of(label_set, PREPROCESSING_VERSION, record.network, read_weights(network)),
        label_set=label_set.name,
        labels=manifest_labels(label_set.labels),
        input=InputShape(
            height=label_set.height,
            width=label_set.width,
            channels=1,
            preprocessing=PREPROCESSING_VERSION,
        ),
        network=record.network,
        num_parameters=network.count_params(),
        files=files,
        metrics=dict(record.metrics),
        parent_version=record.parent_version,
        run=record.run,
        created_at=record.created_at,
        training_data=record.training_data,
        rejection=record.rejection,
        self_check=_make_self_check(network),
    )


def _describe_file(folder: Path, role: FileRole) -> VersionFile:
    content = (folder / FILES[role]).read_bytes()
    return VersionFile(role=role, path=FILES[role], size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


def _make_self_check(network: keras.Model) -> SelfCheck:
    bitmap = draw_self_check(*network.input_shape[1:3])
    logits = predict_logits(network, bitmap[np.newaxis])[0]
    return SelfCheck(
        bitmap=base64.b64encode(bitmap.tobytes()).decode(),
        logits=[float(logit) for logit in logits],
        tolerance=SELF_CHECK_TOLERANCE,
    )


def draw_self_check(height: int, width: int) -> NDArray[np.uint8]:
    """
    Draw the sample every manifest carries: two rings, one inside the other. Nobody's drawing, so it may be public.

    Returns:
        uint8, shape (height, width); 0 paper, 255 full ink, grey at the edges of lines.
    """
    y, x = np.mgrid[0:height, 0:width]
    radius = np.hypot((y - 0.5 * height) / height, (x - 0.4 * width) / width)
    line = np.minimum(abs(radius - 0.3), abs(radius - 0.1)) * min(height, width)
    return np.asarray(np.round(255 * np.clip(1.5 - line, 0.0, 1.0)), np.uint8)
