"""Reading back what was written; Node itself is tried in tests/parity."""

import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from doodle_db.manifest import NetworkDefinition
from training_server.agreement import ExportCheck
from training_server.errors import RunnerError, WeightsError
from training_server.evaluate import predict_logits
from training_server.export_check import Runner, check_exports, run_tfjs
from training_server.freeze import freeze
from training_server.networks import build
from training_server.onnx_format import write_onnx
from training_server.weights import read_weights, save_weights

DEFINITION = NetworkDefinition(name="mlp", arguments={"first_units": 8, "second_units": 8})
BITMAPS = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)


def build_network(seed: int = 0) -> keras.Model:
    """The network of the definition."""
    return build(DEFINITION.name, (28, 28, 1), 4, DEFINITION.arguments, seed)


def runner_that(folder: Path, code: str) -> Runner:
    """A stand-in for the runner: a Python program that gets the same command line and input."""
    script = folder / "stand_in.py"
    script.write_text(f"import sys\npixels = sys.stdin.buffer.read()\n{code}\n", encoding="utf-8")
    return Runner(sys.executable, script)


def check(folder: Path, network: keras.Model) -> ExportCheck:
    """Compare a folder's files with a network; the stand-in for TensorFlow.js gives the network's own answer."""
    (folder / "answer").write_bytes(predict_logits(network, BITMAPS).tobytes())
    runner = runner_that(folder, f"sys.stdout.buffer.write(open({str(folder / 'answer')!r}, 'rb').read())")
    return check_exports(network, DEFINITION, folder, BITMAPS, runner)


def write_files(folder: Path, network: keras.Model) -> None:
    """Write the files that are read back."""
    (folder / "model.onnx").write_bytes(write_onnx(freeze(network)))
    save_weights(folder / "weights.npz", read_weights(network))


def test_files_of_the_network_agree_with_it(tmp_path: Path) -> None:
    """Everything is compared on every drawing, and the plain weights give the very same numbers."""
    write_files(tmp_path, build_network())

    compared = check(tmp_path, build_network())

    assert compared.agrees
    assert compared.num_doodles == 5
    assert set(compared.differences) == {"weights", "onnx", "tfjs"}
    assert compared.differences["weights"] == 0.0


def test_files_of_another_network_do_not(tmp_path: Path) -> None:
    """Files left over from another training are found out."""
    write_files(tmp_path, build_network(seed=1))

    compared = check(tmp_path, build_network())

    assert not compared.agrees
    assert compared.differences["weights"] > 1e-3
    assert compared.differences["onnx"] > 1e-3


def test_weights_that_do_not_fit_are_an_error(tmp_path: Path) -> None:
    """A weights file of another shape cannot be trained further: that is no matter of tolerance."""
    write_files(tmp_path, build_network())
    save_weights(tmp_path / "weights.npz", {"logits/bias": np.zeros(4, np.float32)})

    with pytest.raises(WeightsError, match="differ in name or shape"):
        check(tmp_path, build_network())


def test_the_runner_gets_the_folder_the_shape_and_the_pixels(tmp_path: Path) -> None:
    """The command line is the one the runner documents; the pixels are float32 of the model input."""
    runner = runner_that(
        tmp_path,
        f"assert sys.argv[1:] == ['--model', {str(tmp_path)!r}, '--height', '28', '--width', '28', '--channels', '1']\n"
        "sys.stdout.buffer.write(pixels)",
    )

    answer = run_tfjs(tmp_path, BITMAPS, runner)

    assert np.array_equal(answer, BITMAPS.reshape(5, -1) / np.float32(255))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param("sys.exit('no such op: Erfinv')", "no such op: Erfinv", id="it fails"),
        pytest.param("sys.stdout.buffer.write(bytes(4 * 7))", "cannot reshape", id="half a row"),
        pytest.param("sys.stdout.buffer.write(bytes(3))", "buffer size", id="half a number"),
    ],
)
def test_a_runner_that_fails_says_why(tmp_path: Path, code: str, reason: str) -> None:
    """Its own last words are in the error."""
    with pytest.raises(RunnerError, match=reason):
        run_tfjs(tmp_path, BITMAPS, runner_that(tmp_path, code))


def test_a_missing_node_is_named(tmp_path: Path) -> None:
    """The error says what could not be run and by what."""
    with pytest.raises(RunnerError, match=r"runner\.mjs could not be run by .*no-node"):
        run_tfjs(tmp_path, BITMAPS, Runner(str(tmp_path / "no-node"), Path("runner.mjs")))
