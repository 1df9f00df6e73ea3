"""
Measure what fewer bits cost and bring where versions are asked on the server: float32, float16, int8 in ONNX Runtime.

    DOODLE_DATA_DIR=... python tests/benchmarks/precision.py [--label-set digits] [--quick]

Prints Markdown: for each precision the file's size, how often it is right on the held-out drawings, and how long one
drawing and 64 take, on one thread.
"""

import argparse
import gzip
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import convert_float_to_float16

from doodle_db.bitmap import to_model_input
from doodle_db.label_sets import load_label_set
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.machine import describe_machine
from doodle_testing.shipped_version import find_shipped, load_shipped
from model_server.prediction.answer import softmax
from training_server.base_material import find_base_data, read_splits

NUM_CALIBRATION = 500
BATCH = 64
ROUNDS = 200
INPUT = "input"

Logits = NDArray[np.float32]


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--label-set", default="animals")
    parser.add_argument("--quick", action="store_true", help="few drawings: does it run at all?")
    arguments = parser.parse_args(words)
    if "DOODLE_DATA_DIR" not in os.environ:
        sys.exit("This benchmark needs real drawings: set DOODLE_DATA_DIR to a folder of base data.")
    version = load_shipped(find_shipped(arguments.label_set)[-1])
    label_set = load_label_set(arguments.label_set)
    training, holdout = read_splits(find_base_data(Path(os.environ["DOODLE_DATA_DIR"]), label_set), label_set)
    step = len(holdout) // 200 if arguments.quick else 1
    drawings, labels = holdout.bitmaps[::step], holdout.labels[::step]
    print_head(version.manifest.version, len(drawings))
    with tempfile.TemporaryDirectory() as folder:
        shipped = version.folder / version.manifest.file_of("onnx").path
        expected: Logits | None = None
        for name, path in make_precisions(shipped, choose(training), Path(folder)):
            session = open_session(path)
            logits = ask(session, drawings)
            expected = logits if expected is None else expected
            print_line(name, path, compare(logits, expected, labels), time_session(session, drawings, arguments.quick))
    print(f"\n{describe_machine(datetime.now(UTC).date())}; ONNX Runtime {onnxruntime.__version__}, one thread.")


def choose(training: LabelledBitmaps) -> NDArray[np.uint8]:
    """Take drawings to calibrate with, evenly: never any that are held out."""
    rows = np.linspace(0, len(training) - 1, NUM_CALIBRATION).astype(np.int64)
    return training.bitmaps[rows]


def make_precisions(shipped: Path, calibration: NDArray[np.uint8], folder: Path) -> Iterator[tuple[str, Path]]:
    """Write the network in each precision; the first is what is shipped."""
    yield "float32, as shipped", shipped
    half = folder / "float16.onnx"
    onnx.save(convert_float_to_float16(onnx.load(shipped), keep_io_types=True), half)
    yield "float16", half
    prepared = folder / "prepared.onnx"
    quant_pre_process(shipped, prepared, skip_symbolic_shape=True)
    dynamic = folder / "dynamic.onnx"
    quantize_dynamic(prepared, dynamic, per_channel=True, weight_type=QuantType.QUInt8)
    yield "int8, activations measured while running", dynamic
    for name, per_channel in (("int8, a scale a tensor", False), ("int8, a scale a channel", True)):
        path = folder / f"static_{per_channel}.onnx"
        quantize_static(
            prepared,
            path,
            Calibration(calibration),
            quant_format=QuantFormat.QDQ,
            per_channel=per_channel,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        yield name, path


class Calibration(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime has no types
    """Gives real drawings, a batch at a time."""

    def __init__(self, bitmaps: NDArray[np.uint8]) -> None:
        self._batches = iter(np.array_split(to_model_input(bitmaps), len(bitmaps) // 50))

    def get_next(self) -> dict[str, Any] | None:
        """Give the next batch; None: there is none left."""
        batch = next(self._batches, None)
        return None if batch is None else {INPUT: batch}


def open_session(path: Path) -> Any:
    """Open a session as the service does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])


def ask(session: Any, bitmaps: NDArray[np.uint8]) -> Logits:
    """Ask about drawings, 64 at a time."""
    batches = [bitmaps[begin : begin + BATCH] for begin in range(0, len(bitmaps), BATCH)]
    return np.concatenate([session.run(None, {INPUT: to_model_input(batch)})[0] for batch in batches])


def compare(logits: Logits, expected: Logits, labels: NDArray[np.int64]) -> tuple[float, float, float, float]:
    """Give accuracy, log-loss, the share taken for something else than before, and a logit's largest difference."""
    guesses = logits.argmax(axis=1)
    probabilities = softmax(logits)[np.arange(len(labels)), labels]
    changed = float((guesses != expected.argmax(axis=1)).mean())
    return (
        float((guesses == labels).mean()),
        float(-np.log(np.maximum(probabilities, 1e-12)).mean()),
        changed,
        float(np.abs(logits - expected).max()),
    )


def time_session(session: Any, bitmaps: NDArray[np.uint8], is_quick: bool) -> tuple[float, float]:
    """Give the milliseconds of one drawing and of 64."""
    one, many = to_model_input(bitmaps[:1]), to_model_input(bitmaps[:BATCH])
    rounds = 5 if is_quick else ROUNDS
    return (
        time_call(lambda: session.run(None, {INPUT: one}), rounds),
        time_call(lambda: session.run(None, {INPUT: many}), rounds),
    )


def time_call(call: Callable[[], object], rounds: int) -> float:
    """Give the fewest milliseconds of a call, once warm: what others do on the machine only adds to them."""
    call()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        taken.append(1_000 * (time.perf_counter() - began))
    return min(taken)


def print_head(version: str, num_drawings: int) -> None:
    """Print the table's head."""
    print(f"Version {version}, {num_drawings:,} held-out drawings.\n")
    print(
        "| precision | file | gzip | right | log-loss | taken for something else | largest difference of a logit "
        "| one drawing | 64 drawings |"
    )
    print("|---|---|---|---|---|---|---|---|---|")


def print_line(name: str, path: Path, figures: tuple[float, float, float, float], times: tuple[float, float]) -> None:
    """Print a line of the table."""
    content = path.read_bytes()
    accuracy, log_loss, changed, difference = figures
    sizes = f"{len(content) / 1e3:.0f} kB | {len(gzip.compress(content)) / 1e3:.0f} kB"
    told = f"{accuracy:.2%} | {log_loss:.4f} | {changed:.2%} | {difference:.2g}"
    print(f"| {name} | {sizes} | {told} | {times[0]:.3f} ms | {times[1]:.2f} ms |")


if __name__ == "__main__":
    main()
