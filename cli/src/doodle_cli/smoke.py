"""
Try a site from outside, as a page does: draw, guess, store.

Everything goes over HTTP and through whatever stands in front of the site. What is stored is one right drawing.
"""

import base64
import hashlib
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from doodle_cli.client import Client
from doodle_cli.errors import SmokeError
from doodle_db.bitmap import to_model_input
from doodle_db.ink import draw
from doodle_db.manifest import Manifest, VersionFile, parse_manifest, self_check_bitmap

FISH = [
    [(205.0, 150.0), (170.0, 108.0), (130.0, 98.0), (85.0, 110.0), (50.0, 150.0), (85.0, 190.0), (130.0, 200.0),
     (170.0, 192.0), (205.0, 150.0), (262.0, 108.0)],
    [(205.0, 150.0), (262.0, 195.0), (258.0, 108.0)],
    [(80.0, 138.0), (86.0, 132.0), (91.0, 138.0), (86.0, 144.0), (80.0, 138.0)],
]  # fmt: skip
"""A drawing of our own, in px on a pad: a body that closes, a tail, an eye."""

COUNT_SECONDS = 30
"""Statistics may be counted now and then; a doodle that is not counted by then is not."""

RUNNER_SECONDS = 60


@dataclass(frozen=True)
class Runner:
    """
    Runs a model in TensorFlow.js.

    Attributes:
        node: path of the Node program.
        script: path of frontend/dist-node/run_graph_model.mjs.
    """

    node: str
    script: Path


@dataclass(frozen=True)
class Chance:
    """What differs from one try to the next, and how time passes."""

    id: UUID
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def try_site(client: Client, runner: Runner, chance: Chance) -> Iterator[str]:
    """
    Do what a page does, step by step.

    Args:
        client: of the site.
        runner: in place of the browser's.
        chance: the drawing's id, and time.

    Yields:
        What worked, in words, after each step.

    Raises:
        SmokeError: something does not work; the message says what.
        ProblemError: the site refuses.
        ServerUnreachableError: nobody answers.
    """
    page = client.download("/").decode(errors="replace")
    if "<script" not in page:
        raise SmokeError(f"{client.url}/ is no page of ours.")
    yield f"the page is there, {len(page)} characters"
    live = client.get("/api/v1/models/live")
    manifest = parse_manifest(json.dumps(live["manifest"]))
    with tempfile.TemporaryDirectory(prefix="doodle-smoke-") as folder:
        num_bytes = sum(fetch(client, live["base_url"], file, Path(folder)) for file in manifest.files)
        yield f"version {manifest.version} is whole: {len(manifest.files)} files, {num_bytes} bytes"
        check_itself(manifest, Path(folder), runner)
        yield "it answers in TensorFlow.js as it did when it was made"
        strokes, bitmap = draw(FISH, manifest.input.height, manifest.input.width)
        guess, confidence = guess_label(manifest, run_model(Path(folder), bitmap, runner))
    yield f"it takes our fish for: {guess} ({confidence:.0%})"
    label = "fish" if "fish" in manifest.label_names else guess
    doodle = {
        "id": str(chance.id), "label": label, "guess": guess, "confidence": confidence, "strokes": strokes,
        "bitmap": base64.b64encode(bitmap.tobytes()).decode(), "model_version": manifest.version,
    }  # fmt: skip
    yield store(client, doodle, chance)


def fetch(client: Client, base_url: str, file: VersionFile, folder: Path) -> int:
    """
    Fetch one file of a version, and check it.

    Returns:
        Its size in bytes.

    Raises:
        SmokeError: it is not what the manifest says.
    """
    content = client.download(f"{base_url}{file.path}")
    if (len(content), hashlib.sha256(content).hexdigest()) != (file.size_bytes, file.sha256):
        raise SmokeError(f"{base_url}{file.path} is not what the manifest says: {len(content)} bytes came.")
    (folder / file.path).write_bytes(content)
    return len(content)


def check_itself(manifest: Manifest, folder: Path, runner: Runner) -> None:
    """
    Run the manifest's self-check.

    Raises:
        SmokeError: the model answers otherwise.
    """
    answer = run_model(folder, self_check_bitmap(manifest), runner)
    difference = float(np.abs(answer - np.asarray(manifest.self_check.logits, np.float32)).max())
    if not difference <= manifest.self_check.tolerance:
        raise SmokeError(f"Version {manifest.version} answers {difference:.2g} away from its self-check.")


def run_model(folder: Path, bitmap: NDArray[np.uint8], runner: Runner) -> NDArray[np.float32]:
    """
    Run a version's TensorFlow.js model on one drawing.

    Args:
        folder: holds its files.
        bitmap: uint8, shape (height, width); 0 paper, 255 full ink.
        runner: runs it.

    Returns:
        float32, shape (num_labels,): logits.

    Raises:
        SmokeError: it does not run.
    """
    pixels = to_model_input(bitmap[np.newaxis])
    shape = zip(("--height", "--width", "--channels"), pixels.shape[1:], strict=True)
    command = [runner.node, str(runner.script), "--model", str(folder), *(str(word) for pair in shape for word in pair)]
    try:
        ended = subprocess.run(
            command, input=pixels.astype("<f4").tobytes(), capture_output=True, timeout=RUNNER_SECONDS, check=True
        )
    except subprocess.CalledProcessError as failed:
        raise SmokeError(f"The model does not run: {failed.stderr.decode(errors='replace')[-500:].strip()}") from failed
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise SmokeError(f"The model could not be run by {runner.node}: {failed}") from failed
    return np.frombuffer(ended.stdout, "<f4")


def guess_label(manifest: Manifest, logits: NDArray[np.float32]) -> tuple[str, float]:
    """Give the likeliest label and its probability, by softmax."""
    odds = np.exp(logits - logits.max())
    best = int(odds.argmax())
    return manifest.label_names[best], float(odds[best] / odds.sum())


def store(client: Client, doodle: dict[str, Any], chance: Chance) -> str:
    """
    Store a drawing, twice, and see that it is counted once.

    Returns:
        What worked, in words.

    Raises:
        SmokeError: it was not stored, or not known again, or is not counted.
    """
    before = client.get("/api/v1/stats")["num_doodles"]
    outcomes = [client.post("/api/v1/doodles", doodle)["outcome"] for _ in range(2)]
    if outcomes != ["stored", "already_stored"]:
        raise SmokeError(f"Sending one drawing twice gave {outcomes}; 'stored' and 'already_stored' were expected.")
    until = chance.now() + COUNT_SECONDS
    while (counted := client.get("/api/v1/stats")["num_doodles"]) <= before:
        if chance.now() > until:
            raise SmokeError(f"The drawing was acknowledged, but {counted} doodles are counted, as before.")
        chance.sleep(1)
    return f"it is stored, and counted: {counted} doodles"
