"""A manifest is checked when it is read, and a version is named by its content."""

import json
from typing import Any

import numpy as np
import pytest

from doodle_db.errors import ManifestError
from doodle_db.manifest import NetworkDefinition, Rejection, parse_manifest, self_check_bitmap, version_of
from doodle_testing.builders import LABEL_SET, manifest

NETWORK = NetworkDefinition(name="mlp", arguments={"width": 8})
WEIGHTS = {"dense/kernel": np.arange(6, dtype=np.float32).reshape(2, 3), "dense/bias": np.zeros(3, np.float32)}


def name_of(**changes: Any) -> str:
    arguments: dict[str, Any] = {"label_set": LABEL_SET, "preprocessing": 1, "network": NETWORK, "weights": WEIGHTS}
    return version_of(**{**arguments, **changes})


def test_a_manifest_survives_its_file() -> None:
    """What is written is what is read."""
    written = manifest()

    assert parse_manifest(written.model_dump_json()) == written


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["version"], "../../etc"),
        (["version"], "0123456789AB"),
        (["format_version"], 2),
        (["input", "height"], 0),
        (["rejection", "score"], "magic"),
        (["surprise"], 1),
    ],
)
def test_a_broken_rule_is_named(path: list[str], value: object) -> None:
    """The message names the field, whoever wrote the file."""
    content = json.loads(manifest().model_dump_json())
    target = content
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value

    with pytest.raises(ManifestError, match=path[-1]):
        parse_manifest(json.dumps(content))


def test_a_manifest_from_before_ink_ranges_is_read() -> None:
    """Versions of an older release stay usable: without a range, the energy decides alone."""
    content = json.loads(manifest().model_dump_json())
    content["rejection"] = {"score": "energy", "threshold": -1.5}

    assert parse_manifest(json.dumps(content)).rejection == Rejection(score="energy", threshold=-1.5, ink=None)


def test_text_that_is_no_json_is_refused() -> None:
    """Half a file is no manifest."""
    with pytest.raises(ManifestError):
        parse_manifest(manifest().model_dump_json()[:-20])


@pytest.mark.parametrize("path", ["../weights.bin", "a/b", "/etc/passwd", "", "UPPER"])
def test_a_file_name_is_never_a_path(path: str) -> None:
    """Files of a version lie beside its manifest, nowhere else."""
    file = {"role": "weights", "path": path, "size_bytes": 1, "sha256": "0" * 64}

    with pytest.raises(ValueError, match="path"):
        manifest(files=[file])


def test_the_self_check_is_a_drawing_of_the_input_shape() -> None:
    """A reader needs no other place to look up the shape."""
    assert self_check_bitmap(manifest()).shape == (LABEL_SET.height, LABEL_SET.width)


def test_the_same_content_has_the_same_name() -> None:
    """Two machines that make the same weights make the same version."""
    copied = {name: array.copy(order="F") for name, array in WEIGHTS.items()}

    assert name_of(weights=copied) == name_of()


@pytest.mark.parametrize(
    "changes",
    [
        {"preprocessing": 2},
        {"network": NetworkDefinition(name="mlp", arguments={"width": 9})},
        {"network": NetworkDefinition(name="cnn", arguments={"width": 8})},
        {"weights": {**WEIGHTS, "dense/bias": np.array([0, 0, 1e-7], np.float32)}},
        {"weights": {**WEIGHTS, "dense/kernel": WEIGHTS["dense/kernel"].reshape(3, 2)}},
        {"weights": dict(reversed(WEIGHTS.items()))},
    ],
)
def test_any_other_content_has_another_name(changes: dict[str, Any]) -> None:
    """Weights, their order and shapes, the definition and the preprocessing all count."""
    assert name_of(**changes) != name_of()
