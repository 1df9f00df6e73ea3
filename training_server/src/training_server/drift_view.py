"""
What the live version makes of drawings, asked through ONNX Runtime: how sure it is, and what it goes by.

Not through Keras: a network of Keras that is built while a run trains would set the whole process's seed anew.
"""

from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input
from training_server.errors import ExportError
from training_server.onnx_answers import ROWS_PER_BATCH


@dataclass(frozen=True)
class View:
    """
    What a version makes of some drawings.

    Attributes:
        embeddings: float32, shape (drawings, features); what goes into the layer that gives the logits.
        confidence: float64, shape (drawings,); the probability of its first guess, in (0, 1].
    """

    embeddings: NDArray[np.float32]
    confidence: NDArray[np.float64]


class VersionView:
    """A version that can be asked; one processor at most, for a worker may be training on this machine."""

    def __init__(self, model: bytes) -> None:
        """
        Args:
            model: the content of model.onnx; from float32 (batch, height, width, 1) to logits (batch, labels).

        Raises:
            ExportError: its last layer is none we know.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        opened = open_last_layer(model)
        self._session = onnxruntime.InferenceSession(opened, options, providers=["CPUExecutionProvider"])
        (source,) = self._session.get_inputs()
        self._source = source.name

    def look(self, bitmaps: NDArray[np.uint8]) -> View:
        """
        Look at drawings.

        Args:
            bitmaps: uint8, shape (drawings, height, width), at least one; 0 paper, 255 full ink.
        """
        starts = range(0, len(bitmaps), ROWS_PER_BATCH)
        inputs = (to_model_input(bitmaps[start : start + ROWS_PER_BATCH]) for start in starts)
        parts = [self._session.run(None, {self._source: each}) for each in inputs]
        logits, embeddings = (np.concatenate(column) for column in zip(*parts, strict=True))
        return View(embeddings.reshape(len(bitmaps), -1), _top_probability(logits))


def _top_probability(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    wide = logits.astype(np.float64)
    return np.asarray(1 / np.exp(wide - wide.max(axis=1, keepdims=True)).sum(axis=1))


def open_last_layer(model: bytes) -> bytes:
    """
    Let a network answer with what goes into its last layer, too, behind its logits.

    Args:
        model: as we write it (training_server.onnx_format): one output, made by a matrix product and a sum.

    Raises:
        ExportError: its last layer is another.
    """
    loaded = onnx.load_model_from_string(model)
    makers = {name: node for node in loaded.graph.node for name in node.output}
    node = makers.get(loaded.graph.output[0].name)
    if node is not None and node.op_type == "Add":
        node = next((makers[name] for name in node.input if name in makers), None)
    if node is None or node.op_type not in {"MatMul", "Gemm"}:
        raise ExportError("The last layer of model.onnx is not a matrix product; drift cannot be measured by it.")
    loaded.graph.output.append(onnx.helper.make_empty_tensor_value_info(node.input[0]))
    return bytes(loaded.SerializeToString())
