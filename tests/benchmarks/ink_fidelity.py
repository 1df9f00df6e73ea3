"""
Measure the rasteriser: how near it comes to Quick, Draw!'s own bitmaps, and how long it takes.

    DOODLE_DATA_DIR=... python tests/benchmarks/ink_fidelity.py [--model models/animals/0123456789ab]

Prints Markdown; last, how often a version (the shipped one, if none is named) says of our bitmap what it says of
Quick, Draw!'s.
"""

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input
from doodle_db.ink import InkStrokes, rasterise
from doodle_db.manifest import parse_manifest
from doodle_testing.ink_cases import read_ink_cases
from doodle_testing.ink_proof import InkProof, read_ink_proof
from doodle_testing.machine import describe_machine
from doodle_testing.typescript_ink import draw_in_typescript, rasterise_in_typescript

SHIPPED = Path(__file__).parents[2] / "models" / "animals"
Bitmaps = NDArray[np.uint8]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    shipped = next(SHIPPED.iterdir())
    parser.add_argument("--model", type=Path, default=shipped, help="folder of a version: manifest.json, model.onnx")
    arguments = parser.parse_args()
    if "DOODLE_DATA_DIR" not in os.environ:
        sys.exit("This benchmark needs real drawings: set DOODLE_DATA_DIR to a folder that holds strokes/.")
    proof = read_ink_proof(Path(os.environ["DOODLE_DATA_DIR"]))
    ours, python_ms = time_python(proof.inks)
    print_fidelity(ours, proof)
    print_times(python_ms, time_typescript(proof.inks))
    print_agreement(arguments.model, ours, proof)
    print(f"\nMeasured on {describe_machine(datetime.now(UTC).date())}.")


def time_python(inks: list[InkStrokes]) -> tuple[Bitmaps, list[float]]:
    """Rasterise drawings in Python; give the bitmaps and the milliseconds of each."""
    bitmaps, milliseconds = [], []
    for ink in inks:
        begin = time.perf_counter()
        bitmaps.append(rasterise(ink, 28, 28))
        milliseconds.append(1_000 * (time.perf_counter() - begin))
    return np.stack(bitmaps), milliseconds


def time_typescript(inks: list[InkStrokes]) -> list[float]:
    """Rasterise drawings under Node; give the milliseconds of each."""
    return [answer.milliseconds for answer in rasterise_in_typescript(inks, 28, 28)]


def time_longest_drawing() -> float:
    """Give the milliseconds from the 10,000 points of the awkward cases to their bitmap, in TypeScript, once warm."""
    (strokes,) = (case.strokes for case in read_ink_cases() if case.name == "10,000 points")
    return median(answer.milliseconds for answer in draw_in_typescript([strokes] * 30, 28, 28)[10:])


def print_fidelity(ours: Bitmaps, proof: InkProof) -> None:
    """Print how far our bitmaps are from those of the data set."""
    errors = np.abs(ours.astype(np.int64) - proof.bitmaps)
    print(f"| against Quick, Draw!'s bitmaps of {len(ours):,} drawings | |\n|---|---|")
    print(f"| mean absolute error over all pixels, of 255 | {errors.mean():.5f} |")
    print(f"| bitmaps equal to the bit | {(errors == 0).all(axis=(1, 2)).mean():.2%} |")
    print(f"| pixels equal | {(errors == 0).mean():.3%} |")
    print(f"| largest error of a pixel, of 255 | {errors.max()} |")


def print_times(python_ms: list[float], typescript_ms: list[float]) -> None:
    """Print how long a bitmap takes."""
    print("\n| milliseconds a bitmap | median | mean | 95 of 100 below |\n|---|---|---|---|")
    for language, milliseconds in (("Python", python_ms), ("TypeScript, Node", typescript_ms)):
        quantile = np.quantile(milliseconds, 0.95)
        print(f"| {language} | {median(milliseconds):.2f} | {mean(milliseconds):.2f} | {quantile:.2f} |")
    print(f"\n10,000 points of the pen to ink and bitmap, TypeScript: {time_longest_drawing():.1f} ms (median).")


def print_agreement(model: Path, ours: Bitmaps, proof: InkProof) -> None:
    """Print how often a model's top guess is the same for our bitmap and for Quick, Draw!'s."""
    labels = {label.name for label in parse_manifest((model / "manifest.json").read_bytes()).labels}
    same = guess(model, ours) == guess(model, proof.bitmaps)
    of_labels = np.array([word in labels for word in proof.words])
    print(f"\n| model {model.name} guesses the same of our bitmap | of | share |\n|---|---|---|")
    print(f"| drawings of its labels | {of_labels.sum():,} | {same[of_labels].mean():.2%} |")
    print(f"| drawings of all {len(set(proof.words))} categories | {len(same):,} | {same.mean():.2%} |")


def guess(model: Path, bitmaps: Bitmaps) -> NDArray[np.intp]:
    """Give the index of each drawing's top guess."""
    session = onnxruntime.InferenceSession(model / "model.onnx")
    (logits,) = session.run(None, {session.get_inputs()[0].name: to_model_input(bitmaps)})
    return np.asarray(np.argmax(logits, axis=1))


if __name__ == "__main__":
    main()
