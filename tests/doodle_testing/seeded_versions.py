"""Versions for the operator's page, made of the shipped one without a training: each with a run and a verdict."""

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import onnx
from onnx import numpy_helper
from sqlalchemy import Engine

from doodle_db.artifacts import MANIFEST_NAME, ArtifactStore
from doodle_db.manifest import Manifest
from doodle_db.model_registry import get_live, get_manifest, register_version
from doodle_db.runs import claim_run, finish_run, queue_delta_run

BETTER, WORSE, WAITING = "b0b0b0b0b0b0", "bad0bad0bad0", "cafecafecafe"


@dataclass(frozen=True)
class Seed:
    """
    A version to be.

    Attributes:
        version: its name.
        parent: whose child it is; None: the live version's.
        outcome: of its run's verdict.
        summary: the verdict in words.
        accuracy: on both holdouts, in [0, 1].
        noise: how far its network is from the shipped one's, as a share of each weight's spread.
    """

    version: str
    parent: str | None
    outcome: str
    summary: str
    accuracy: float
    noise: float


SEEDS = (
    Seed(BETTER, None, "published", "Published: right on 20 recent drawings more, of 400 (p = 0.003).", 0.884, 0.02),
    Seed(WORSE, BETTER, "rejected", "Rejected: right on 61 recent drawings fewer, of 400.", 0.731, 0.5),
    Seed(
        WAITING,
        BETTER,
        "passed",
        "Passed, not deployed: ada has paused automatic deployment (a fair). Right on 12 recent drawings more, of 400.",
        0.897,
        0.1,
    ),
)


def seed_versions(engine: Engine, store: ArtifactStore, seeds: tuple[Seed, ...] = SEEDS) -> None:
    """
    Store and register versions; what is live stays live.

    Args:
        engine: of the database, with the shipped version live.
        store: its versions.
        seeds: which; parents first.
    """
    with engine.connect() as connection:
        shipped = get_manifest(connection, get_live(connection).version)
    contents = {file.path: store.read_file(shipped, file.path) for file in shipped.files}
    for age, seed in zip(range(len(seeds), 0, -1), seeds, strict=True):
        _add(engine, store, shipped, contents, seed, datetime.now(UTC) - timedelta(hours=age))


def _add(
    engine: Engine,
    store: ArtifactStore,
    shipped: Manifest,
    contents: Mapping[str, bytes],
    seed: Seed,
    now: datetime,
) -> None:
    onnx_path = shipped.file_of("onnx").path
    files = {**contents, onnx_path: disturb(contents[onnx_path], seed.noise)}
    with engine.begin() as connection:
        key = queue_delta_run(connection, uuid4(), trigger="operator", requested_by="ada").key
        claim_run(connection, key, worker="somewhere-else", now=now)
        made = describe(shipped, seed, files, {"run": key, "created_at": now})
        verdict = {"outcome": seed.outcome, "summary": seed.summary, "checks": []}
        finish_run(connection, key, now=now, verdict=verdict, metrics={}, candidate_version=seed.version)
        _store(store, made, files)
        register_version(connection, made)


def describe(shipped: Manifest, seed: Seed, files: Mapping[str, bytes], more: Mapping[str, Any]) -> Manifest:
    """Give the shipped version's manifest as the other version's."""
    listed = [
        file.model_copy(
            update={"size_bytes": len(files[file.path]), "sha256": hashlib.sha256(files[file.path]).hexdigest()}
        )
        for file in shipped.files
    ]
    measured = {
        name: figures.model_copy(update={"accuracy": seed.accuracy}) for name, figures in shipped.metrics.items()
    }
    parent = seed.parent or shipped.version
    changes = {"version": seed.version, "parent_version": parent, "files": listed, "metrics": measured}
    return shipped.model_copy(update={**changes, **more})


def disturb(model: bytes, noise: float) -> bytes:
    """Add noise to every weight of an ONNX network; the same noise each time."""
    network = onnx.load_from_string(model)
    random = np.random.default_rng(7)
    for weight in network.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype == np.float32 and values.size > 1:
            moved = values + random.normal(0, noise * values.std(), values.shape).astype(np.float32)
            weight.CopyFrom(numpy_helper.from_array(moved, weight.name))
    return bytes(network.SerializeToString())


def _store(store: ArtifactStore, made: Manifest, files: Mapping[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, content in files.items():
            (folder / path).write_bytes(content)
        (folder / MANIFEST_NAME).write_text(made.model_dump_json())
        store.store_version(folder, made)
