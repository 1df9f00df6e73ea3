"""The first version of a label set, from nothing but files of base drawings."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from doodle_db.errors import NotFoundError
from doodle_db.label_sets import Label, LabelSet
from doodle_db.manifest import NetworkDefinition, parse_manifest
from doodle_testing.file_server import serving
from training_server.base_material import find_base_data, read_splits
from training_server.errors import ExportError
from training_server.export_check import Runner
from training_server.fit_plan import FitPlan
from training_server.pretrain import PretrainOrder, main, pretrain
from training_server.progress import SilentObserver
from training_server.report_format import Report

LABEL_SET = LabelSet(
    name="lines",
    labels=(Label("across", "a line across", "↔"), Label("down", "a line down", "↕")),
    height=12,
    width=12,
    channels=1,
    base_data="base",
)
PLAN = FitPlan(epochs=4, batch_size=32, learning_rate=1e-2, augmentation=None)

ANSWER_WITH_ONNX = """
import sys, numpy, onnxruntime
words = dict(zip(sys.argv[1::2], sys.argv[2::2]))
pixels = numpy.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(-1, 12, 12, 1)
session = onnxruntime.InferenceSession(words["--model"] + "/model.onnx", providers=["CPUExecutionProvider"])
sys.stdout.buffer.write(session.run(["logits"], {"input": pixels})[0].tobytes())
"""

ANSWER_WITH_ZEROS = """
import sys
num_drawings = len(sys.stdin.buffer.read()) // (4 * 12 * 12)
sys.stdout.buffer.write(bytes(num_drawings * 4 * 2))
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of base data: 200 grey lines of each label, no two alike."""
    folder = tmp_path / "data" / "base"
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    for label, name in enumerate(LABEL_SET.names):
        bitmaps = random.integers(0, 40, (200, 12, 12), dtype=np.uint8)
        for bitmap, place in zip(bitmaps, random.integers(1, 11, 200), strict=True):
            bitmap[(slice(None), place) if label else place] = 255
        np.save(folder / f"{name}.npy", bitmaps.reshape(200, -1))
    return tmp_path / "data"


def order(data: Path, folder: Path, answer: str = ANSWER_WITH_ONNX) -> PretrainOrder:
    """A small training; a stand-in answers for TensorFlow.js."""
    script = folder / "stand_in.py"
    script.write_text(answer, encoding="utf-8")
    return PretrainOrder(
        label_set=LABEL_SET,
        data=data,
        network=NetworkDefinition(name="mlp", arguments={"first_units": 8, "second_units": 8, "dropout": 0.0}),
        plan=PLAN,
        out=folder / "models",
        runner=Runner(sys.executable, script),
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
    )


def test_it_leaves_one_whole_version(data: Path, tmp_path: Path) -> None:
    """The folder is named by the version, measured on the test split alone, and nothing half-made lies beside it."""
    folder = pretrain(order(data, tmp_path), SilentObserver())

    manifest = parse_manifest((folder / "manifest.json").read_bytes())
    training, holdout = read_splits(data / "base", LABEL_SET)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [manifest.version] == [folder.name]
    assert manifest.metrics["base"].num_doodles == len(holdout) > 30
    assert manifest.training_data.num_base == len(training) == 400 - len(holdout)
    assert manifest.metrics["base"].accuracy > 0.9
    assert manifest.parent_version is None


def test_its_report_tells_how_it_was_made(data: Path, tmp_path: Path) -> None:
    """The same document as a run's, as far as there is something to say: and no drawing, for it is public."""
    folder = pretrain(order(data, tmp_path), SilentObserver())

    report = Report.model_validate_json((folder / "report.json").read_bytes())
    _, holdout = read_splits(data / "base", LABEL_SET)
    assert (report.run, report.stage, report.samples) == (None, "tested", [])
    assert [part.name for part in report.parts] == ["base_training", "base"]
    assert report.training is not None
    assert len(report.training.epochs) == 4
    assert report.training.seconds_per_step is not None
    (base,) = report.holdouts
    assert base.candidate.confusion is not None
    assert sum(base.candidate.confusion[0]) == (holdout.labels == 0).sum()
    assert (base.live, base.mistakes) == (None, [])


def test_the_same_order_makes_the_same_version(data: Path, tmp_path: Path) -> None:
    """Trained again, it is the same version and the folder stays as it is."""
    first = pretrain(order(data, tmp_path), SilentObserver())
    written = (first / "manifest.json").stat().st_mtime_ns

    again = pretrain(order(data, tmp_path), SilentObserver())

    assert again == first
    assert (again / "manifest.json").stat().st_mtime_ns == written


def test_a_version_whose_files_disagree_is_not_kept(data: Path, tmp_path: Path) -> None:
    """What TensorFlow.js would answer otherwise never gets a name."""
    silent = order(
        data, tmp_path, "import sys\nsys.stdout.buffer.write(bytes(8 * (len(sys.stdin.buffer.read()) // 576)))"
    )

    with pytest.raises(ExportError, match="exported files differ"):
        pretrain(silent, SilentObserver())

    assert list((tmp_path / "models").iterdir()) == []


def test_one_archive_makes_the_same_version_as_a_file_a_label(data: Path, tmp_path: Path) -> None:
    """The format is no part of what is learnt; a file may be named by itself."""
    folder = data / LABEL_SET.base_data
    rows = [np.load(folder / f"{name}.npy") for name in LABEL_SET.names]
    labels = np.repeat(LABEL_SET.names, [len(each) for each in rows])
    np.savez_compressed(data / "lines.npz", x=np.concatenate(rows), y=labels)

    of_folder, of_archive = read_splits(folder, LABEL_SET), read_splits(data / "lines.npz", LABEL_SET)

    for one, other in zip(of_folder, of_archive, strict=True):
        np.testing.assert_array_equal(one.bitmaps, other.bitmaps)
        np.testing.assert_array_equal(one.labels, other.labels)
    assert find_base_data(data, LABEL_SET) == folder
    assert find_base_data(data / "lines.npz", LABEL_SET) == data / "lines.npz"


def test_every_label_must_be_there(data: Path) -> None:
    """A network that never saw a label would never guess it."""
    np.savez(data / "lines.npz", x=np.ones((3, 12, 12), np.uint8), y=np.repeat("down", 3))

    with pytest.raises(NotFoundError, match="no drawing of across"):
        read_splits(data / "lines.npz", LABEL_SET)


def test_the_splits_share_no_drawing(data: Path) -> None:
    """What is tested on was never trained on."""
    training, holdout = read_splits(data / "base", LABEL_SET)

    assert not {bitmap.tobytes() for bitmap in training.bitmaps} & {bitmap.tobytes() for bitmap in holdout.bitmaps}


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without base data it ends with a sentence, not with a traceback."""
    status = main(["--data", str(tmp_path), "--out", str(tmp_path / "models")])

    assert status == 1
    assert "There is no bird.npy" in capsys.readouterr().err


def test_base_data_may_come_from_a_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is fetched first; what is wrong there is said in a sentence, too."""
    with serving(b"<html>moved</html>") as server:
        status = main(["--data", server.url, "--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "models")])

    assert status == 1
    assert "full_numpy_bitmap_bird.npy is no array" in capsys.readouterr().err
    assert server.asked == [("/folder/full_numpy_bitmap_bird.npy", None)]
