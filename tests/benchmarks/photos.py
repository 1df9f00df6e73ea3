"""
Measure how often a version is right on pictures of drawings: read as photos, and merely shrunk and turned negative.

    DOODLE_DATA_DIR=... python tests/benchmarks/photos.py [--model models/animals/0123456789ab] [--repeats 2]

Every drawing is rendered with other pens on other paper, distorted, and written to a file, which is then read. Beside
it stands what the version says of the drawing's original rendering, and of the file by the obvious way: grey, 28 x 28,
negative. Then what is said of pictures that show no drawing of its labels. Prints Markdown.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from doodle_db.bitmap import to_model_input
from doodle_db.ink import draw, rasterise
from doodle_db.label_sets import load_label_set
from doodle_db.manifest import Manifest, parse_manifest
from doodle_db.rejection import is_unknown
from doodle_testing.machine import describe_machine
from doodle_testing.photographs import PHOTO, TAKES, encode, photograph
from doodle_testing.real_drawings import InkStrokes, read_all_strokes, read_strokes
from model_server.photo import NoInkError, find_strokes, read_pixels
from training_server.base_material import find_base_data, read_splits

SHIPPED = Path(__file__).parents[2] / "models" / "animals"

NUM_HELD_OUT = 600
NUM_OTHERS, NUM_NOISE = 300, 60

Bitmap = NDArray[np.uint8]


@dataclass(frozen=True)
class Sample:
    """A drawing and a file that shows it."""

    label: str
    original: Bitmap
    file: bytes


@dataclass
class Readings:
    """What was seen of one kind of pictures; lists of one entry per picture."""

    labels: list[str] = field(default_factory=list)
    originals: list[Bitmap] = field(default_factory=list)
    read: list[Bitmap] = field(default_factory=list)
    shrunk: list[Bitmap] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--model", type=Path, default=next(SHIPPED.iterdir()), help="folder of a version")
    parser.add_argument("--repeats", type=int, default=2, help="pictures of each drawing and kind")
    arguments = parser.parse_args()
    if "DOODLE_DATA_DIR" not in os.environ:
        sys.exit(
            "This benchmark needs real drawings: set DOODLE_DATA_DIR to a folder that holds strokes/ and quickdraw/."
        )
    data = Path(os.environ["DOODLE_DATA_DIR"])
    model = Model(arguments.model)
    print(f"Version {arguments.model.name}\n\n| picture | n | original rendering | read | shrunk and negative |")
    print("|---|---:|---:|---:|---:|")
    drawings = [(label, strokes) for label in model.labels for strokes in read_strokes(data, label)]
    total = print_rows(model, photograph_all(drawings, arguments.repeats))
    print_row(model, "**all of these**", total)
    print_rows(model, picture_held_out(data, model.manifest))
    print_refusals(model, total, dict(picture_nothing_known(data, model.labels)))
    print(f"\nReading: median {median(total.milliseconds):.0f} ms of CPU, slowest {max(total.milliseconds):.0f} ms.")
    print_large(drawings)
    print(f"\nMeasured on {describe_machine(datetime.now(UTC).date())}.")


class Model:
    """A version, asked through ONNX Runtime."""

    def __init__(self, folder: Path) -> None:
        self.manifest: Manifest = parse_manifest((folder / "manifest.json").read_bytes())
        self.labels = [label.name for label in self.manifest.labels]
        self._session = onnxruntime.InferenceSession(folder / self.manifest.file_of("onnx").path)

    def measure_accuracy(self, bitmaps: list[Bitmap], labels: list[str]) -> float:
        """Give the share of bitmaps whose top guess is their label."""
        guesses = [self.labels[index] for index in self._ask(bitmaps).argmax(axis=1)]
        return float(np.mean([guess == label for guess, label in zip(guesses, labels, strict=True)]))

    def measure_known(self, bitmaps: list[Bitmap]) -> float:
        """Give the share of bitmaps that look like something the version knows."""
        return float(1 - is_unknown(self.manifest.rejection, self._ask(bitmaps), np.stack(bitmaps)).mean())

    def _ask(self, bitmaps: list[Bitmap]) -> NDArray[np.float32]:
        name = self._session.get_inputs()[0].name
        (logits,) = self._session.run(None, {name: to_model_input(np.stack(bitmaps))})
        return np.asarray(logits, np.float32)


def photograph_all(drawings: list[tuple[str, InkStrokes]], repeats: int) -> Iterator[tuple[str, Iterable[Sample]]]:
    """Make pictures of every kind of all drawings."""
    for number, (name, take) in enumerate(TAKES.items()):
        rng = np.random.default_rng(number)
        yield (
            name,
            [
                Sample(label, rasterise(strokes, 28, 28), take(strokes, rng))
                for label, strokes in drawings
                for _ in range(repeats)
            ],
        )


def picture_held_out(data: Path, manifest: Manifest) -> Iterator[tuple[str, Iterable[Sample]]]:
    """Make pictures of bitmaps that nobody trained on, for which there are no strokes: as they are, and enlarged."""
    label_set = load_label_set(manifest.label_set)
    _, rows = read_splits(find_base_data(data, label_set), label_set)
    chosen = np.random.default_rng(0).choice(len(rows.bitmaps), NUM_HELD_OUT, replace=False)
    held_out = [(label_set.names[rows.labels[index]], rows.bitmaps[index]) for index in chosen]
    for side in (28, 300):
        name = f"held-out bitmaps, black on white, {side} x {side}"
        yield name, [Sample(label, bitmap, _print(bitmap, side)) for label, bitmap in held_out]


def _print(bitmap: Bitmap, side: int) -> bytes:
    image = Image.fromarray(255 - bitmap).resize((side, side), Image.Resampling.BICUBIC)
    return encode(np.repeat(np.asarray(image, np.float64)[..., np.newaxis], 3, axis=-1))


def print_rows(model: Model, kinds: Iterable[tuple[str, Iterable[Sample]]]) -> Readings:
    """Read all samples, print a row of each kind, and give them all together."""
    total = Readings()
    for name, samples in kinds:
        readings = Readings()
        for sample in samples:
            for each in (readings, total):
                each.labels.append(sample.label)
                each.originals.append(sample.original)
                each.shrunk.append(shrink_naively(sample.file))
            begin = time.process_time()
            seen = read(sample.file)
            for each in (readings, total):
                each.milliseconds.append(1_000 * (time.process_time() - begin))
                each.read.append(seen)
        print_row(model, name, readings)
    return total


def print_row(model: Model, name: str, readings: Readings) -> None:
    """Print how often the version is right on one kind of pictures."""
    ways = (readings.originals, readings.read, readings.shrunk)
    shares = " | ".join(f"{model.measure_accuracy(bitmaps, readings.labels):.1%}" for bitmaps in ways)
    print(f"| {name} | {len(readings.labels):,} | {shares} |", flush=True)


def read(file: bytes) -> Bitmap:
    """Read a picture as the server does; blank where no ink is found."""
    try:
        return draw(find_strokes(read_pixels(file)), 28, 28)[1]
    except NoInkError:
        return np.zeros((28, 28), np.uint8)


def shrink_naively(file: bytes) -> Bitmap:
    """Make a bitmap of a picture the obvious way."""
    image = Image.open(BytesIO(file)).convert("RGBA")
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return 255 - np.asarray(image.convert("L").resize((28, 28), Image.Resampling.BOX))


def picture_nothing_known(data: Path, labels: Sequence[str]) -> Iterator[tuple[str, list[bytes]]]:
    """Make pictures of what the version has no label for: photos of things, drawings of other things, noise."""
    rng = np.random.default_rng(345)
    with np.load(data / "ood" / "cifar10_test_300.npz") as photos:
        yield "photos of things, 32 x 32 enlarged to 480 x 480", [_enlarge(each) for each in photos["x"]]
    others = [strokes for word, strokes in read_all_strokes(data) if word not in labels]
    chosen = [others[index] for index in rng.choice(len(others), NUM_OTHERS, replace=False)]
    yield "photos of drawings of other things", [photograph(PHOTO)(strokes, rng) for strokes in chosen]
    noise = rng.integers(0, 256, (NUM_NOISE, 480, 480, 3))
    yield "noise, 480 x 480", [encode(each.astype(np.float64)) for each in noise]


def _enlarge(photo: NDArray[np.uint8]) -> bytes:
    image = Image.fromarray(photo).resize((480, 480), Image.Resampling.BICUBIC)
    return encode(np.asarray(image, np.float64), quality=90)


def print_refusals(model: Model, drawings: Readings, strange: Mapping[str, list[bytes]]) -> None:
    """Print how often no ink is found, how often it looks like nothing known, and how often it passes for a drawing."""
    print("\n| picture | n | no ink found | called unknown | taken for one of the labels |\n|---|---:|---:|---:|---:|")
    kinds = {"drawings of the labels, all pictures above": drawings.read}
    kinds |= {name: [read(file) for file in files] for name, files in strange.items()}
    for name, bitmaps in kinds.items():
        inked = [each for each in bitmaps if each.any()]
        known = model.measure_known(inked) * len(inked) / len(bitmaps) if inked else 0.0
        blank = 1 - len(inked) / len(bitmaps)
        print(f"| {name} | {len(bitmaps):,} | {blank:.1%} | {1 - blank - known:.1%} | {known:.1%} |", flush=True)


def print_large(drawings: list[tuple[str, InkStrokes]]) -> None:
    """Print how long a telephone's picture takes."""
    rng = np.random.default_rng(12)
    image = Image.open(BytesIO(photograph(PHOTO)(drawings[0][1], rng))).resize((4000, 3000), Image.Resampling.BICUBIC)
    for kind in ("JPEG", "PNG"):
        file = BytesIO()
        image.save(file, kind)
        begin = time.process_time()
        pixels = read_pixels(file.getvalue())
        decoded = time.process_time()
        find_strokes(pixels)
        found = time.process_time()
        size = len(file.getvalue()) / 1e6
        print(
            f"\n{kind} of 4,000 x 3,000 px, {size:.1f} MB: {1e3 * (decoded - begin):.0f} ms of CPU to decode, "
            f"{1e3 * (found - decoded):.0f} ms to find the strokes."
        )


if __name__ == "__main__":
    main()
