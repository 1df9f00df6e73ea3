"""A version's folder: complete, described truthfully, named by its content."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import keras
import numpy as np
import pytest

from doodle_db.artifacts import ArtifactStore
from doodle_db.label_sets import load_label_set
from doodle_db.manifest import (
    HoldoutMetrics,
    NetworkDefinition,
    Rejection,
    TrainingData,
    parse_manifest,
    self_check_bitmap,
    version_of,
)
from training_server.evaluate import predict_logits
from training_server.export import FILES, VersionRecord, draw_self_check, export_version
from training_server.networks import build
from training_server.report_format import Report
from training_server.weights import load_weights, read_weights

LABEL_SET = load_label_set("animals")
RECORD = VersionRecord(
    label_set=LABEL_SET,
    network=NetworkDefinition(name="mlp", arguments={"first_units": 16, "second_units": 8, "dropout": 0.0}),
    metrics={"base": HoldoutMetrics(num_doodles=3, accuracy=0.5, log_loss=1.0, recalls={"cat": 0.5})},
    parent_version="0123456789ab",
    run=None,
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
    training_data=TrainingData(num_new=1, num_replay=2, num_base=3, watermark=4),
    rejection=Rejection(score="energy", threshold=-1.5),
    report=Report(
        run=None, stage="tested", label_set="animals", labels=[], height=28, width=28, seed=1, parts=[], samples=[]
    ),
)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """The network the record describes."""
    return build(RECORD.network.name, (28, 28, 1), 6, RECORD.network.arguments)


def test_the_manifest_describes_the_files_beside_it(network: keras.Model, tmp_path: Path) -> None:
    """Every role is there, with the size and hash of its file, and nothing else lies in the folder."""
    manifest = export_version(network, RECORD, tmp_path)

    assert parse_manifest((tmp_path / "manifest.json").read_bytes()) == manifest
    assert {file.role: file.path for file in manifest.files} == dict(FILES)
    for file in manifest.files:
        content = (tmp_path / file.path).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.size_bytes, file.sha256)
    assert {path.name for path in tmp_path.iterdir()} == {*FILES.values(), "manifest.json"}


def test_an_artifact_store_takes_the_folder(network: keras.Model, tmp_path: Path) -> None:
    """What is exported is what the store accepts."""
    folder = tmp_path / "staged"
    folder.mkdir()
    manifest = export_version(network, RECORD, folder)
    store = ArtifactStore(str(tmp_path / "artifacts"))

    store.store_version(folder, manifest)

    assert store.read_manifest(manifest.version) == manifest


def test_the_version_is_the_contents_name(network: keras.Model, tmp_path: Path) -> None:
    """Weights and definition alone name a version: figures and dates do not, weights do."""
    folders = [tmp_path / name for name in ("first", "later", "other")]
    for folder in folders:
        folder.mkdir()
    other = build(RECORD.network.name, (28, 28, 1), 6, RECORD.network.arguments, seed=1)
    later = replace(RECORD, created_at=datetime(2027, 1, 2, tzinfo=UTC), parent_version=None)

    first, again = export_version(network, RECORD, folders[0]), export_version(network, later, folders[1])
    changed = export_version(other, RECORD, folders[2])

    assert first.version == again.version != changed.version
    assert first.version == version_of(LABEL_SET, 1, RECORD.network, load_weights(folders[0] / "weights.npz"))


def test_the_same_network_gives_the_same_files(network: keras.Model, tmp_path: Path) -> None:
    """All files but the manifest's date are the same, byte for byte."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        export_version(network, RECORD, tmp_path / name)

    for path in FILES.values():
        assert (tmp_path / "first" / path).read_bytes() == (tmp_path / "second" / path).read_bytes()


def test_the_manifest_keeps_what_it_was_told(network: keras.Model, tmp_path: Path) -> None:
    """Labels in the order of logits, where it came from, what it was trained on, when it gives up."""
    manifest = export_version(network, RECORD, tmp_path)

    assert manifest.label_names == LABEL_SET.names
    assert manifest.network == RECORD.network
    assert manifest.num_parameters == sum(array.size for array in read_weights(network).values())
    assert manifest.parent_version == RECORD.parent_version
    assert manifest.training_data == RECORD.training_data
    assert manifest.rejection == RECORD.rejection


def test_the_report_says_what_the_version_costs(network: keras.Model, tmp_path: Path) -> None:
    """What was found out, with the version, its multiply-adds and the other files' sizes."""
    manifest = export_version(network, RECORD, tmp_path)

    report = Report.model_validate_json((tmp_path / "report.json").read_bytes())
    assert report.model is not None
    assert report.model_copy(update={"model": None}) == RECORD.report
    assert (report.model.version, report.model.num_multiply_adds) == (manifest.version, 28 * 28 * 16 + 16 * 8 + 8 * 6)
    sizes = {file.role: file.size_bytes for file in report.model.files}
    assert sizes == {file.role: file.size_bytes for file in manifest.files if file.role != "report"}


def test_the_self_check_is_the_networks_own_answer(network: keras.Model, tmp_path: Path) -> None:
    """A reader that runs the sample gets these logits, or must not use the model."""
    manifest = export_version(network, RECORD, tmp_path)

    expected = predict_logits(network, self_check_bitmap(manifest)[np.newaxis])[0]
    assert manifest.self_check.logits == [float(logit) for logit in expected]


def test_the_self_check_is_nobodys_drawing() -> None:
    """The sample is public, so it is drawn by code: paper, ink and grey, inside the paper at any size."""
    drawing = draw_self_check(28, 28)

    assert base64.b64encode(drawing.tobytes()) == base64.b64encode(draw_self_check(28, 28).tobytes())
    assert {0, 255} < set(drawing.ravel().tolist())
    assert not drawing[0].any()
    assert not drawing[-1].any()
    assert draw_self_check(40, 32).shape == (40, 32)
