"""A version that can be asked: its network in ONNX Runtime, tried on the manifest's own sample first."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as native

from doodle_db.bitmap import PREPROCESSING_VERSION, to_model_input
from doodle_db.manifest import Manifest, self_check_bitmap
from model_server.prediction.errors import VersionUnusableError

ERRORS_ONLY = 3
"""What ONNX Runtime writes to stderr by itself is no line of our log."""

REFUSALS: tuple[type[Exception], ...] = (
    *(each for each in vars(native).values() if isinstance(each, type) and issubclass(each, Exception)),
    RuntimeError,
    ValueError,
)
"""What ONNX Runtime raises about a model; its own classes have no base of their own."""


@dataclass(frozen=True)
class ReadyVersion:
    """
    A version whose network has passed its self-check; any number of threads may ask it.

    Attributes:
        manifest: what its answers mean.
        session: runs the network.
    """

    manifest: Manifest
    session: Any

    @property
    def version(self) -> str:
        """The version's name."""
        return self.manifest.version

    def ask(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        """
        Let the network look at drawings.

        Args:
            bitmaps: uint8, shape (num_drawings, height, width) of the manifest's input; 0 paper, 255 full ink.

        Returns:
            float32, shape (num_drawings, num_labels): logits in the order of the manifest's labels.
        """
        (asked,) = self.session.get_inputs()
        return np.asarray(self.session.run(None, {asked.name: to_model_input(bitmaps)})[0])


def prepare(manifest: Manifest, content: bytes) -> ReadyVersion:
    """
    Make a version ready: load its network and let it answer the manifest's sample, which warms it, too.

    Args:
        manifest: the version's.
        content: its ONNX file, as it was stored.

    Raises:
        VersionUnusableError: it cannot be loaded, or answers something else than its trainer saw it answer.
    """
    if manifest.input.preprocessing != PREPROCESSING_VERSION:
        raise VersionUnusableError(
            f"Version {manifest.version} wants preprocessing {manifest.input.preprocessing}; this server knows "
            f"{PREPROCESSING_VERSION}."
        )
    try:
        ready = ReadyVersion(manifest, _open_session(content))
        answer = ready.ask(self_check_bitmap(manifest)[np.newaxis])
    except REFUSALS as refused:
        raise VersionUnusableError(f"Version {manifest.version} cannot be run: {refused}") from refused
    _check(manifest, answer)
    return ready


def _open_session(content: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    # Drawings are small: a second thread costs more than it brings, and the other cores answer other requests.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # What a batch of 64 takes is given back; keeping it gains nothing that can be measured (docs/decisions/0048).
    options.enable_cpu_mem_arena = False
    options.log_severity_level = ERRORS_ONLY
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _check(manifest: Manifest, answer: NDArray[np.float32]) -> None:
    expected = np.asarray(manifest.self_check.logits, np.float32)[np.newaxis]
    num_labels = len(manifest.labels)
    if answer.shape != expected.shape or answer.shape != (1, num_labels):
        raise VersionUnusableError(
            f"Version {manifest.version} gives answers of shape {answer.shape}; (1, {num_labels}) was expected."
        )
    # Written so that NaN fails.
    if not np.all(np.abs(answer - expected) <= manifest.self_check.tolerance):
        raise VersionUnusableError(f"Version {manifest.version} does not pass its self-check in ONNX Runtime.")
