"""What a version answers, asked through ONNX Runtime: no TensorFlow, so that the API's processes can ask, too."""

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input

ROWS_PER_BATCH = 256
"""Bounds memory."""


def guess(model: bytes, bitmaps: NDArray[np.uint8]) -> NDArray[np.int64]:
    """
    Ask an exported network for its first guesses.

    Args:
        model: the content of model.onnx; from float32 (batch, height, width, 1) to logits (batch, num_labels).
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.

    Returns:
        int64, shape (num_rows,); index into the version's labels.
    """
    options = onnxruntime.SessionOptions()
    # Requests are answered meanwhile, and a worker may be training on this machine.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    (source,) = session.get_inputs()
    parts = [
        session.run(None, {source.name: to_model_input(bitmaps[start : start + ROWS_PER_BATCH])})[0].argmax(axis=1)
        for start in range(0, len(bitmaps), ROWS_PER_BATCH)
    ]
    return np.concatenate([np.empty(0, np.int64), *parts]).astype(np.int64)
