"""model.onnx, as ONNX Runtime reads it."""

import numpy as np
import onnx
import onnxruntime
import pytest

from training_server.freeze import freeze
from training_server.network_arguments import network_names
from training_server.networks import build
from training_server.onnx_format import OPSET, write_onnx

SHAPE = (28, 28, 1)


@pytest.mark.parametrize("name", network_names())
def test_it_is_a_valid_model_with_the_names_readers_expect(name: str) -> None:
    """Any number of drawings in at `input`, logits out at `logits`, the opset as written down."""
    model = onnx.load_from_string(write_onnx(freeze(build(name, SHAPE, 4, {}))))

    onnx.checker.check_model(model, full_check=True)
    (given,), (answered,) = model.graph.input, model.graph.output
    assert [size.dim_param or size.dim_value for size in given.type.tensor_type.shape.dim] == ["batch", 28, 28, 1]
    assert [size.dim_param or size.dim_value for size in answered.type.tensor_type.shape.dim] == ["batch", 4]
    assert (given.name, answered.name) == ("input", "logits")
    assert [each.version for each in model.opset_import if not each.domain] == [OPSET]


@pytest.mark.parametrize("num_rows", [1, 5])
def test_it_takes_any_number_of_drawings(num_rows: int) -> None:
    """The batch is free."""
    session = onnxruntime.InferenceSession(
        write_onnx(freeze(build("doodlenet", SHAPE, 4, {}))), providers=["CPUExecutionProvider"]
    )

    (logits,) = session.run(["logits"], {"input": np.zeros((num_rows, *SHAPE), np.float32)})

    assert logits.shape == (num_rows, 4)


def test_the_same_network_gives_the_same_bytes() -> None:
    """However many conversions the process has done before: names and order come from the graph."""
    network = build("doodlenet", SHAPE, 4, {})

    assert write_onnx(freeze(network)) == write_onnx(freeze(network))
