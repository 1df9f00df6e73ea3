"""Networks that are made in a moment and always guess the same: versions for whoever only asks them."""

import base64
import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sqlalchemy import Engine

from doodle_db.artifacts import MANIFEST_NAME, ArtifactStore
from doodle_db.manifest import Manifest, Rejection, SelfCheck, VersionFile
from doodle_db.model_registry import register_version
from doodle_testing.builders import LABEL_SET, manifest

CERTAINTY = 6.0
"""The logit of the label it guesses; the others' is 0."""


def make_paper_network(
    favourite: str,
    *,
    height: int = LABEL_SET.height,
    num_labels: int = len(LABEL_SET.names),
    certainty: float = CERTAINTY,
) -> bytes:
    """Make an ONNX network that guesses one label, whatever it sees."""
    width = LABEL_SET.width
    size = height * width
    bias = np.zeros(num_labels, np.float32)
    bias[LABEL_SET.names.index(favourite)] = certainty
    weights = {"weights": np.zeros((size, num_labels), np.float32), "bias": bias}
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["input"], ["flat"]),
            helper.make_node("Gemm", ["flat", "weights", "bias"], ["logits"]),
        ],
        "network",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", height, width, 1])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", num_labels])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def build_paper_version(folder: Path, version: str, favourite: str) -> Manifest:
    """Write a version's folder whose network guesses one label; only what is asked on a server is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {"onnx": ("model.onnx", make_paper_network(favourite)), "weights": ("weights.npz", version.encode())}
    files = []
    for role, (path, content) in contents.items():
        (folder / path).write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        files.append(VersionFile(role=role, path=path, size_bytes=len(content), sha256=sha256))  # type: ignore[arg-type]
    made = manifest(version, files=[file.model_dump() for file in files]).model_copy(
        update={
            "self_check": SelfCheck(
                bitmap=base64.b64encode(bytes(LABEL_SET.height * LABEL_SET.width)).decode(),
                logits=[CERTAINTY * (name == favourite) for name in LABEL_SET.names],
                tolerance=1e-4,
            ),
            # Of one logit of 6 and five of 0 the energy is -6.01.
            "rejection": Rejection(score="energy", threshold=-6.0),
        }
    )
    (folder / MANIFEST_NAME).write_text(made.model_dump_json())
    return made


def store_paper_version(engine: Engine, store: ArtifactStore, version: str, favourite: str, folder: Path) -> Manifest:
    """Store a paper version and enter it in the registry."""
    made = build_paper_version(folder / version, version, favourite)
    store.store_version(folder / version, made)
    with engine.begin() as connection:
        register_version(connection, made)
    return made
