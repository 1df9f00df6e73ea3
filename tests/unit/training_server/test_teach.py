"""Teachers: they learn everything there is, and what they say of the train split reaches the one that is taught."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.errors import NotFoundError
from doodle_db.label_sets import Label, LabelSet
from doodle_db.manifest import NetworkDefinition, parse_manifest
from doodle_db.rejection import energy
from training_server.answer_files import read_answers, write_answers
from training_server.base_material import find_other_categories, read_background, read_base_rows
from training_server.errors import ExamplesError
from training_server.evaluate import predict_logits
from training_server.export_check import Runner
from training_server.fit_plan import FitPlan
from training_server.foundation import cut_head
from training_server.networks import build
from training_server.pretrain import PretrainOrder, pretrain, read_lessons
from training_server.progress import SilentObserver
from training_server.teach import TeacherOrder, answer, main, teach
from training_server.weights import load_weights, write_weights

LABEL_SET = LabelSet("lines", (Label("across", "across", "↔"), Label("down", "down", "↕")), 12, 12, 1, "base")
PLAN = FitPlan(epochs=4, batch_size=32, learning_rate=1e-2, augmentation=None)
NETWORK = NetworkDefinition(name="mlp", arguments={"first_units": 16, "second_units": 8, "dropout": 0.0})

ANSWER_WITH_ONNX = """
import sys, numpy, onnxruntime
words = dict(zip(sys.argv[1::2], sys.argv[2::2]))
pixels = numpy.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(-1, 12, 12, 1)
session = onnxruntime.InferenceSession(words["--model"] + "/model.onnx", providers=["CPUExecutionProvider"])
sys.stdout.buffer.write(session.run(["logits"], {"input": pixels})[0].tobytes())
"""


def draw(kind: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """A grey 12 x 12 paper with a line across (0), down (1) or both (2)."""
    bitmap = random.integers(0, 40, (12, 12), dtype=np.uint8)
    place = random.integers(1, 11)
    if kind != 1:
        bitmap[place] = 255
    if kind != 0:
        bitmap[:, place] = 255
    return bitmap


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Base data of two labels, and of crosses, which are none."""
    folder = tmp_path / "data" / "base"
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    for kind, name in enumerate(("across", "down", "cross")):
        np.save(folder / f"{name}.npy", np.stack([draw(kind, random) for _ in range(200)]).reshape(200, -1))
    return tmp_path / "data"


def order(data: Path, out: Path) -> TeacherOrder:
    """A small teacher."""
    return TeacherOrder(LABEL_SET, data, NETWORK, PLAN, out)


def test_a_teacher_learns_other_categories_too_and_answers_for_the_labels_alone(data: Path, tmp_path: Path) -> None:
    """One distribution over the labels for each drawing of the train split; and it knows what it talks about."""
    accuracy = teach(order(data, tmp_path / "one.npz"), SilentObserver())

    training, _ = read_base_rows(data / "base", LABEL_SET)
    answers = read_answers([tmp_path / "one.npz"], training.ids, 2)
    assert accuracy > 0.7  # of three categories
    assert answers.shape == (len(training), 2)
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)
    assert (answers.argmax(axis=1) == training.rows.labels).mean() > 0.9


def test_the_mirror_image_is_asked_about_too() -> None:
    """Where a mirror leaves a drawing what it is, a teacher's answer doesn't depend on the side it is seen from."""
    network = build("mlp", (12, 12, 1), 3, NETWORK.arguments)
    bitmaps = np.stack([draw(kind, np.random.default_rng(1)) for kind in (0, 1, 2)])

    both = answer(network, bitmaps, 2, mirror=True)

    np.testing.assert_allclose(both, answer(network, bitmaps[:, :, ::-1].copy(), 2, mirror=True), atol=1e-6)
    assert not np.allclose(both, answer(network, bitmaps, 2, mirror=False), atol=1e-3)


def test_answers_are_found_by_id_whatever_their_order(tmp_path: Path) -> None:
    """The mean of all teachers, row by row."""
    ids = [UUID(int=number) for number in range(3)]
    one = np.array([[1, 0], [0.5, 0.5], [0, 1]], np.float32)
    write_answers(tmp_path / "a.npz", ids, one)
    write_answers(tmp_path / "b.npz", ids[::-1], np.full((3, 2), 0.5, np.float32))

    found = read_answers([tmp_path / "a.npz", tmp_path / "b.npz"], [ids[2], ids[0]], 2)

    np.testing.assert_allclose(found, [[0.25, 0.75], [0.75, 0.25]])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.npz"]


def test_answers_of_other_data_are_refused(tmp_path: Path) -> None:
    """Half-fitting answers would teach nonsense quietly."""
    write_answers(tmp_path / "a.npz", [UUID(int=1)], np.ones((1, 2), np.float32))

    with pytest.raises(ExamplesError, match="no answer to 1 of 2 drawings"):
        read_answers([tmp_path / "a.npz"], [UUID(int=1), UUID(int=2)], 2)
    with pytest.raises(ExamplesError, match=r"\(1, 3\) was expected"):
        read_answers([tmp_path / "a.npz"], [UUID(int=1)], 3)


def test_the_background_is_what_has_no_label(data: Path) -> None:
    """Of the train split alone, so that nothing is measured on what was learnt."""
    train, test = (read_background(data / "base", LABEL_SET, split) for split in ("train", "test"))

    assert find_other_categories(data / "base", LABEL_SET) == ("cross",)
    assert len(train) + len(test) == 200
    assert not set(train.ids) & set(test.ids)
    assert (train.rows.bitmaps.max(axis=1) == 255).all()  # a line down in each


def test_without_other_categories_there_is_no_background(data: Path) -> None:
    """Whoever asks for it is told what is missing."""
    (data / "base" / "cross.npy").unlink()

    with pytest.raises(NotFoundError, match="no drawings of other things"):
        read_background(data / "base", LABEL_SET)
    assert teach(order(data, data / "one.npz"), SilentObserver()) > 0.9


def test_lessons_are_what_the_order_names(data: Path, tmp_path: Path) -> None:
    """Teachers' answers if there are files, the background if the plan gives it weight."""
    teach(order(data, tmp_path / "one.npz"), SilentObserver())
    training, _ = read_base_rows(data / "base", LABEL_SET)
    plain = PretrainOrder(
        LABEL_SET, data, NETWORK, PLAN, tmp_path, Runner(sys.executable, tmp_path), datetime(2026, 1, 2, tzinfo=UTC)
    )
    taught = replace(plain, plan=replace(PLAN, background=0.5), answers=(tmp_path / "one.npz",))

    nothing, lessons = (read_lessons(each, data / "base", training.ids) for each in (plain, taught))

    assert (nothing.answers, nothing.background) == (None, None)
    assert lessons.answers is not None
    assert lessons.background is not None
    assert lessons.answers.shape == (len(training), 2)
    num_others = len(read_background(data / "base", LABEL_SET))
    assert num_others < len(lessons.background) < 1.2 * num_others  # and scribbles of our own


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without base data it ends with a sentence, not with a traceback."""
    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "one.npz")]) == 1
    assert "There is no bird.npy" in capsys.readouterr().err


def test_a_foundation_is_cut_to_the_labels() -> None:
    """The twin's other outputs are left behind, everything else is taken over."""
    weights = {
        "body/kernel": np.ones((3, 4), np.float32),
        "logits/kernel": np.arange(8, dtype=np.float32).reshape(2, 4),
    }

    kept = cut_head(weights, 3)

    np.testing.assert_array_equal(kept["logits/kernel"], [[0, 1, 2], [4, 5, 6]])
    assert kept["body/kernel"].shape == (3, 4)


def test_a_taught_version_knows_its_labels_and_that_crosses_are_none(data: Path, tmp_path: Path) -> None:
    """From foundation, teachers and background to one whole version, whose threshold keeps crosses out."""
    (tmp_path / "stand_in.py").write_text(ANSWER_WITH_ONNX, encoding="utf-8")
    teach(order(data, tmp_path / "one.npz"), SilentObserver())
    plan = replace(PLAN, epochs=12, background=0.5, distillation=0.9)

    folder = pretrain(
        PretrainOrder(
            LABEL_SET,
            data,
            NETWORK,
            plan,
            tmp_path / "models",
            Runner(sys.executable, tmp_path / "stand_in.py"),
            datetime(2026, 1, 2, tzinfo=UTC),
            foundation=PLAN,
            answers=(tmp_path / "one.npz",),
        ),
        SilentObserver(),
    )

    manifest = parse_manifest((folder / "manifest.json").read_bytes())
    network = build("mlp", (12, 12, 1), 2, NETWORK.arguments)
    write_weights(network, load_weights(folder / "weights.npz"))
    crosses = predict_logits(network, read_background(data / "base", LABEL_SET, "test").rows.bitmaps)
    assert manifest.metrics["base"].accuracy > 0.9
    assert (energy(crosses) > manifest.rejection.threshold).mean() > 0.6
