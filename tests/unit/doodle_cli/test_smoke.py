"""A site that does not work is told from one that does, and the message says where it fails."""

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest

from doodle_cli.client import Client
from doodle_cli.errors import CliError
from doodle_cli.smoke import COUNT_SECONDS, Chance, Runner, try_site

ROOT = Path(__file__).parents[3]
SHIPPED = next((ROOT / "models" / "animals").glob("*/manifest.json")).parent
LOGITS = json.loads((SHIPPED / "manifest.json").read_text())["self_check"]["logits"]


@dataclass
class FakeSite:
    """
    A site that serves the shipped version from its folder.

    Attributes:
        page: what a browser gets.
        spoilt: a file that comes otherwise than the manifest says.
        counts: whether stored doodles are counted.
        forgets: whether it takes every doodle for a new one.
        stored: what was sent.
    """

    page: str = '<script type="module"></script>'
    spoilt: str = ""
    counts: bool = True
    forgets: bool = False
    stored: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/":
            return httpx.Response(200, text=self.page)
        if path == "/api/v1/models/live":
            manifest = json.loads((SHIPPED / "manifest.json").read_text())
            return httpx.Response(200, json={"base_url": "/models/v/", "manifest": manifest})
        if path == "/api/v1/stats":
            return httpx.Response(200, json={"num_doodles": 7 + len(self.stored) * self.counts})
        if path == "/api/v1/doodles":
            return httpx.Response(201, json={"outcome": self.store(json.loads(request.content))})
        content = (SHIPPED / path.removeprefix("/models/v/")).read_bytes()
        return httpx.Response(200, content=content[:-1] if path.endswith(self.spoilt or "no file") else content)

    def store(self, doodle: dict[str, Any]) -> str:
        if self.stored and not self.forgets:
            return "already_stored"
        self.stored.append(doodle)
        return "stored"


class Clock:
    """Time that passes only by sleeping."""

    seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def runner(tmp_path: Path) -> Callable[[list[float]], Runner]:
    """Give a runner that answers always the same, in Python; the real one is tried by the test of containers."""

    def answering(logits: list[float]) -> Runner:
        script = tmp_path / "runner.py"
        script.write_text(f"import sys; sys.stdout.buffer.write({np.asarray(logits, '<f4').tobytes()!r})")
        return Runner(sys.executable, script)

    return answering


def run(site: FakeSite, runner: Runner, clock: Clock | None = None) -> list[str]:
    time = clock or Clock()
    client = Client("https://draw.example", None, httpx.MockTransport(site.answer))
    return list(try_site(client, runner, Chance(UUID(int=1), time.now, time.sleep)))


def test_a_site_that_works(runner: Callable[[list[float]], Runner]) -> None:
    """Page, files, self-check, guess, store: each says that it worked."""
    site = FakeSite()

    lines = run(site, runner(LOGITS))

    assert len(lines) == 5
    assert lines[-1] == "it is stored, and counted: 8 doodles"
    assert [doodle["label"] for doodle in site.stored] == ["fish"]


@pytest.mark.parametrize(
    ("site", "fault"),
    [
        (FakeSite(page="It works!"), "no page of ours"),
        (FakeSite(spoilt="model.json"), "not what the manifest says"),
        (FakeSite(forgets=True), "Sending one drawing twice"),
        (FakeSite(counts=False), "acknowledged, but 7 doodles are counted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_site_that_does_not(site: FakeSite, fault: str, runner: Callable[[list[float]], Runner]) -> None:
    """The message says which step failed."""
    clock = Clock()

    with pytest.raises(CliError, match=fault):
        run(site, runner(LOGITS), clock)

    assert clock.seconds <= COUNT_SECONDS + 2


def test_a_model_that_answers_otherwise(runner: Callable[[list[float]], Runner]) -> None:
    """Files may be whole, and run wrongly all the same."""
    with pytest.raises(CliError, match="away from its self-check"):
        run(FakeSite(), runner([logit + 1 for logit in LOGITS]))


def test_a_model_that_does_not_run(tmp_path: Path) -> None:
    """What the runner said stands in the message."""
    script = tmp_path / "runner.py"
    script.write_text("raise SystemExit('no kernel')")

    with pytest.raises(CliError, match="no kernel"):
        run(FakeSite(), Runner(sys.executable, script))


def test_the_manifest_is_the_shipped_ones() -> None:
    """The test's own files are what the manifest says."""
    manifest = json.loads((SHIPPED / "manifest.json").read_text())

    for file in manifest["files"]:
        assert hashlib.sha256((SHIPPED / file["path"]).read_bytes()).hexdigest() == file["sha256"]
