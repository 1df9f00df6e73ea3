"""Three ways to train the same network on the same rows, an epoch at a time; only the time it takes counts."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import keras
import numpy as np
import psycopg2
import tensorflow as tf
from numpy.typing import NDArray

from benchmarks.comparisons.environment import make_environment
from doodle_db.training_sets import LabelledBitmaps
from training_server.fit_plan import PRETRAIN_PLAN
from training_server.learner import Learner
from training_server.networks import build
from training_server.progress import SilentObserver

PYTORCH_REQUIREMENTS = ("torch==2.13.0", "numpy")
"""Over 1 GB, so it is no dependency of the project. Released in 2026, as TensorFlow 2.21 was."""

SHAPE = (28, 28, 1)

Clock = Callable[[], float]
"""time.perf_counter, or, where much else runs, time.process_time: seconds of this process on a core."""


class OurTraining:
    """training_server.learner, with everything `pretrain` asks of it."""

    def __init__(self, network: str, rows: LabelledBitmaps, clock: Clock) -> None:
        num_labels = int(rows.labels.max()) + 1
        self.network = build(network, SHAPE, num_labels, {})
        self.clock = clock
        self.learner = Learner(self.network, rows, PRETRAIN_PLAN, SilentObserver())

    def run_epoch(self) -> float:
        """Show every row once; give the seconds."""
        began = self.clock()
        self.learner.run_epoch(1)
        return self.clock() - began


class GeneratorTraining:
    """
    The usual way from a table to `fit`: a Python generator reads a row at a time, and converts it as it comes.

    Pixels stand in a column of type NUMERIC[], of which the driver (psycopg2) makes a list of Decimal. No augmentation
    and no averages: the system ours started from had none. Ours reads its rows once, before training, in no time.
    """

    def __init__(self, network: str, database_url: str, num_rows: int, num_labels: int, clock: Clock) -> None:
        self.clock = clock
        self.database_url = database_url
        self.num_labels = num_labels
        self.network = build(network, SHAPE, num_labels, {})
        self.network.compile(keras.optimizers.Adam(), keras.losses.CategoricalCrossentropy(from_logits=True))
        specs = (tf.TensorSpec(SHAPE, tf.float32), tf.TensorSpec((num_labels,), tf.float32))
        batches = tf.data.Dataset.from_generator(self._generate, output_signature=specs).batch(64).prefetch(2)
        self.batches = batches.apply(tf.data.experimental.assert_cardinality(-(-num_rows // 64)))

    def _generate(self) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        connection = psycopg2.connect(self.database_url)
        with connection, connection.cursor(name="drawings") as cursor:
            cursor.execute("SELECT pixels, label FROM drawings ORDER BY id")
            for pixels, label in cursor:
                image = np.array(pixels, np.float32).reshape(SHAPE) / np.float32(255)
                yield image, keras.utils.to_categorical(label, self.num_labels).astype(np.float32)
        connection.close()

    def run_epoch(self) -> float:
        """Show every row once; give the seconds."""
        began = self.clock()
        self.network.fit(self.batches, shuffle=False, verbose=0)
        return self.clock() - began


@dataclass(frozen=True)
class PytorchProcess:
    """A process that trains in PyTorch when it is told to."""

    orders: IO[str]
    answers: IO[str]
    clock: Clock

    def run_epoch(self, network: str, precision: str) -> dict[str, Any]:
        """Show every row once; give the seconds, and how many parameters the network has."""
        order = {"network": network, "precision": precision, "clock": self.clock.__name__}
        print(json.dumps(order), file=self.orders, flush=True)
        answer: dict[str, Any] = json.loads(self.answers.readline())
        return answer


@contextmanager
def running_pytorch(rows: LabelledBitmaps, num_threads: int, clock: Clock) -> Iterator[PytorchProcess]:
    """Run PyTorch, in the environment it has for itself, until the block ends."""
    python = make_environment("pytorch", PYTORCH_REQUIREMENTS, "more than 1 GB")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npz"
        np.savez(path, bitmaps=rows.bitmaps, labels=rows.labels)
        program = Path(__file__).with_name("pytorch_training.py")
        with subprocess.Popen(
            [python, program, path, str(num_threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("PyTorch's process has no pipes; they were asked for.")
            yield PytorchProcess(process.stdin, process.stdout, clock)
            process.stdin.close()
