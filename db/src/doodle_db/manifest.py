"""The manifest of a version: the only thing a reader has to know about a model."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from doodle_db.errors import ManifestError
from doodle_db.label_sets import Label, LabelSet

FORMAT_VERSION = 1
VERSION_PATTERN = re.compile(r"[0-9a-f]{12}")

Version = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
"""A version's name: the first 12 hex digits of a SHA-256 over weights and definition."""

FileRole = Literal["tfjs_model", "tfjs_weights", "onnx", "weights", "report"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ManifestLabel(_Frozen):
    """One label, at the place of its logit."""

    name: str
    prompt: str
    emoji: str


class InputShape(_Frozen):
    """What the network reads: float32 (n, height, width, channels) = bitmap / 255."""

    height: int = Field(gt=0, le=256)
    width: int = Field(gt=0, le=256)
    channels: Literal[1]
    preprocessing: int


class NetworkDefinition(_Frozen):
    """Name and arguments from which our code builds the network; nothing is ever executed from a file."""

    name: str
    arguments: dict[str, Any]


class VersionFile(_Frozen):
    """One file of the version's folder."""

    role: FileRole
    path: str = Field(pattern=r"^[a-z0-9_][a-z0-9_.]{0,39}$")
    size_bytes: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class HoldoutMetrics(_Frozen):
    """
    How the version did on one holdout.

    Attributes:
        num_doodles: drawings measured.
        accuracy: share of first guesses that are right.
        log_loss: mean of -log(probability of the label).
        recalls: share found, by label name.
        kept: share that is not called unknown (doodle_db.rejection); None where nobody measured it.
    """

    num_doodles: int
    accuracy: float
    log_loss: float
    recalls: dict[str, float]
    kept: float | None = None


class TrainingData(_Frozen):
    """What the version was trained on, in numbers; watermark: see doodle_db.doodles."""

    num_new: int
    num_replay: int
    num_base: int
    watermark: int


class InkRange(_Frozen):
    """What a pen's lines measure (doodle_db.rejection.measure_ink), both ends included."""

    min_edges: float
    max_edges: float
    min_grey: float
    max_grey: float


class Rejection(_Frozen):
    """
    A drawing whose score is above the threshold, or that is no ink, looks like nothing the model knows.

    A manifest without `ink` is older than that condition, or of a label set on whose base data it would be wrong: the
    score decides alone (docs/decisions/0032).
    """

    score: Literal["energy"]
    threshold: float
    ink: InkRange | None = None


class SelfCheck(_Frozen):
    """One drawing and the logits it must give, before a reader may use the model."""

    bitmap: str
    logits: list[float]
    tolerance: float = Field(gt=0)


class Manifest(_Frozen):
    """manifest.json, written last into a version's folder."""

    format_version: Literal[1]
    version: Version
    label_set: str
    labels: list[ManifestLabel]
    input: InputShape
    network: NetworkDefinition
    num_parameters: int
    files: list[VersionFile]
    metrics: dict[str, HoldoutMetrics]
    parent_version: Version | None
    run: UUID | None
    created_at: datetime
    training_data: TrainingData
    rejection: Rejection
    self_check: SelfCheck

    @property
    def label_names(self) -> tuple[str, ...]:
        """The labels' names in the order of the logits."""
        return tuple(label.name for label in self.labels)

    def file_of(self, role: FileRole) -> VersionFile:
        """
        Find the file of a role.

        Raises:
            ManifestError: the manifest lists none.
        """
        for file in self.files:
            if file.role == role:
                return file
        raise ManifestError(f"Version {self.version} has no file of the role {role!r}.")


def parse_manifest(content: bytes | str) -> Manifest:
    """
    Read manifest.json.

    Raises:
        ManifestError: it is not JSON or breaks a rule; the message names the field.
    """
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ManifestError(f"manifest.json: {field}: {first['msg']}", field=field) from invalid


def manifest_labels(labels: Sequence[Label]) -> list[ManifestLabel]:
    """List a label set's labels as a manifest does."""
    return [ManifestLabel(name=label.name, prompt=label.prompt, emoji=label.emoji) for label in labels]


def self_check_bitmap(manifest: Manifest) -> NDArray[np.uint8]:
    """
    Give the self-check's drawing.

    Returns:
        uint8, shape (height, width); 0 paper, 255 full ink.
    """
    pixels = np.frombuffer(base64.b64decode(manifest.self_check.bitmap), np.uint8)
    return pixels.reshape(manifest.input.height, manifest.input.width)


def version_of(
    label_set: LabelSet,
    preprocessing: int,
    network: NetworkDefinition,
    weights: Mapping[str, NDArray[np.float32]],
) -> str:
    """
    Name a version by its content: the same definition and weights are the same version, wherever they were made.

    Args:
        label_set: its label names (in order) and shape go in.
        preprocessing: the bitmap codec's PREPROCESSING_VERSION.
        network: name and arguments.
        weights: in the network's order; float32 of any shape, hashed as little-endian bytes.

    Returns:
        12 hex digits.
    """
    definition = {
        "labels": label_set.names,
        "input": [label_set.height, label_set.width, label_set.channels],
        "preprocessing": preprocessing,
        "network": network.model_dump(),
        "weights": [[name, list(array.shape)] for name, array in weights.items()],
    }
    digest = hashlib.sha256(json.dumps(definition, sort_keys=True, separators=(",", ":")).encode())
    for array in weights.values():
        digest.update(np.ascontiguousarray(array, dtype="<f4").tobytes())
    return digest.hexdigest()[:12]
