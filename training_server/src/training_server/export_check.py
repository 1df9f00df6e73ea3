"""Read back what was written and compare what it answers with the network it was made of."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input
from doodle_db.manifest import NetworkDefinition
from training_server.agreement import ExportCheck, largest_difference
from training_server.errors import RunnerError
from training_server.evaluate import predict_logits
from training_server.export import FILES
from training_server.networks import build
from training_server.onnx_format import INPUT_NAME, OUTPUT_NAME
from training_server.weights import load_weights, write_weights

RUNNER_SECONDS = 60.0
"""A run under Node takes a fraction of a second; past this it hangs."""


@dataclass(frozen=True)
class Runner:
    """
    Where the exported TensorFlow.js model is run.

    Attributes:
        node: path of the Node program.
        script: path of the bundled runner, frontend/dist-node/run_graph_model.mjs.
        wasm: path of a WebAssembly binary to use; None: the bundled one, which is what pages use.
    """

    node: str
    script: Path
    wasm: Path | None = None


def check_exports(
    network: keras.Model, definition: NetworkDefinition, folder: Path, bitmaps: NDArray[np.uint8], runner: Runner
) -> ExportCheck:
    """
    Read a version's files back and compare their answers with the network's, on real drawings.

    Args:
        network: what the files were made of.
        definition: name and arguments to build a fresh network from.
        folder: holds the files.
        bitmaps: uint8, shape (num_doodles, height, width); 0 paper, 255 full ink.
        runner: runs TensorFlow.js.

    Raises:
        RunnerError: Node could not run the model.
        WeightsError: the weights file does not fit the network.
    """
    expected = predict_logits(network, bitmaps)
    with ThreadPoolExecutor(1) as executor:
        tfjs = executor.submit(run_tfjs, folder, bitmaps, runner)
        answers = {
            "weights": run_weights(folder, definition, expected.shape[1], bitmaps),
            "onnx": run_onnx(folder, bitmaps),
        }
        answers["tfjs"] = tfjs.result()
    differences = {name: largest_difference(answer, expected) for name, answer in answers.items()}
    return ExportCheck(len(bitmaps), differences)


def run_weights(
    folder: Path, definition: NetworkDefinition, num_labels: int, bitmaps: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Build a fresh network, put in weights.npz and run it."""
    fresh = build(definition.name, (*bitmaps.shape[1:], 1), num_labels, definition.arguments)
    write_weights(fresh, load_weights(folder / FILES["weights"]))
    return predict_logits(fresh, bitmaps)


def run_onnx(folder: Path, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Run model.onnx in ONNX Runtime."""
    session = onnxruntime.InferenceSession(str(folder / FILES["onnx"]), providers=["CPUExecutionProvider"])
    return np.asarray(session.run([OUTPUT_NAME], {INPUT_NAME: to_model_input(bitmaps)})[0], np.float32)


def run_tfjs(folder: Path, bitmaps: NDArray[np.uint8], runner: Runner) -> NDArray[np.float32]:
    """
    Run model.json in TensorFlow.js under Node, with the browser's kernels.

    Raises:
        RunnerError: Node is not there, fails, hangs, or answers something else than whole rows.
    """
    pixels = to_model_input(bitmaps)
    options = zip(("--model", "--height", "--width", "--channels"), (folder, *pixels.shape[1:]), strict=True)
    command = [runner.node, str(runner.script), *(str(word) for option in options for word in option)]
    command += ["--wasm", str(runner.wasm)] if runner.wasm else []
    try:
        content = pixels.astype("<f4").tobytes()
        ended = subprocess.run(command, input=content, capture_output=True, timeout=RUNNER_SECONDS, check=True)
        return np.frombuffer(ended.stdout, "<f4").reshape(len(bitmaps), -1)
    except subprocess.CalledProcessError as failed:
        raise RunnerError(
            f"{runner.script.name} failed: {failed.stderr.decode(errors='replace')[-500:].strip()}"
        ) from failed
    except (OSError, ValueError, subprocess.TimeoutExpired) as failed:
        raise RunnerError(f"{runner.script.name} could not be run by {runner.node}: {failed}") from failed
