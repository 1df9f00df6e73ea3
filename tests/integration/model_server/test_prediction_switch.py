"""A new version goes live while predictions are asked for; and what computes holds nobody else up."""

import json
import re
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from PIL import Image, ImageDraw
from sqlalchemy import Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.ink.limits import MAX_POINTS
from doodle_testing.missing import skip_or_fail
from doodle_testing.model_server import FIRST, SECOND, THIRD, Server, deploy_version, running_server, wait_until
from doodle_testing.paper_networks import store_paper_version

URL = "/api/v1/predict"
SQUARE = {"strokes": [[[0, 255, 255, 0, 0], [0, 0, 255, 255, 0]]], "top_k": 1}
GUESSES = {FIRST: "cat", SECOND: "dog"}


def read_examples() -> list[str]:
    """Read the commands of the documentation's section."""
    page = (Path(__file__).parents[3] / "docs/http.md").read_text(encoding="utf-8")
    section = page.partition("### `POST /api/v1/predict`")[2].partition("\n### ")[0]
    return re.findall(r"```sh\n(curl .*)\n```", section)


@dataclass(frozen=True)
class Site:
    """gunicorn with one process, its database, and the store with its versions."""

    server: Server
    engine: Engine
    store: Path


@pytest.fixture(scope="module")
def site(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """FIRST is live and guesses cats, SECOND dogs; THIRD's network is not what its manifest says."""
    url, folder = postgres.create_database("migrated"), tmp_path_factory.mktemp("switch")
    engine, store = connect_to(url), ArtifactStore(str(folder / "artifacts"))
    for version, favourite in ((FIRST, "cat"), (SECOND, "dog"), (THIRD, "fish")):
        store_paper_version(engine, store, version, favourite, folder)
    (Path(store.url) / "versions" / THIRD / "model.onnx").write_bytes(b"spoilt")
    deploy_version(engine, FIRST, None)
    told = {"ARTIFACT_URL": store.url, "MODEL_SERVER_PROCESSES": "1"}
    with running_server(url, folder / "log", **told) as server:
        yield Site(server, engine, Path(store.url))
    engine.dispose()
    postgres.drop_database(url)


@dataclass
class Asker:
    """Asks one question after another until told to stop, and remembers the answers."""

    server: Server
    statuses: list[int] = field(default_factory=list)
    guesses: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, enough: threading.Event) -> None:
        with self.server.client() as client:
            while not enough.is_set():
                answer = client.post(URL, json=SQUARE)
                self.statuses.append(answer.status_code)
                self.guesses.append((answer.json()["version"], answer.json()["prediction"]))

    def has_heard_of(self, version: str) -> bool:
        return bool(self.guesses) and self.guesses[-1][0] == version


def read_metric(server: Server, line: str) -> float:
    """Give the value behind a name and its labels."""
    lines = httpx.get(f"{server.url}/metrics", trust_env=False).text.splitlines()
    return float(next((each.split()[-1] for each in lines if each.startswith(line + " ")), "nan"))


def test_versions_come_and_go_under_load(site: Site) -> None:
    """
    No request fails and none is left without a version: there, back, and past one that cannot be loaded.

    Each answer is of one version as a whole; of a broken one the log and the metrics tell, and the old one stays.
    """
    enough, askers = threading.Event(), [Asker(site.server) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        going = [pool.submit(asker.ask, enough) for asker in askers]
        try:
            wait_until(lambda: all(asker.has_heard_of(FIRST) for asker in askers))
            deploy_version(site.engine, SECOND, FIRST)
            wait_until(lambda: all(asker.has_heard_of(SECOND) for asker in askers))
            deploy_version(site.engine, THIRD, SECOND)
            wait_until(lambda: "version_not_ready" in site.server.log.read_text())
            behind = read_metric(site.server, "doodle_predictors_behind")
            deploy_version(site.engine, FIRST, THIRD)
            wait_until(lambda: all(asker.has_heard_of(FIRST) for asker in askers))
        finally:
            enough.set()
        for each in going:
            each.result()

    versions = [[version for version, _ in asker.guesses] for asker in askers]
    assert {status for asker in askers for status in asker.statuses} == {200}
    assert all(GUESSES[version] == guess for asker in askers for version, guess in asker.guesses)
    assert all(
        [version for place, version in enumerate(told) if place == 0 or told[place - 1] != version]
        == [FIRST, SECOND, FIRST]
        for told in versions
    )
    assert (behind, read_metric(site.server, "doodle_predictors_behind")) == (1, 0)
    assert read_metric(site.server, 'doodle_version_loads_total{outcome="failed"}') >= 1
    assert THIRD in next(line for line in site.server.log.read_text().splitlines() if "version_not_ready" in line)


def test_a_version_that_is_broken_is_said_to_be(site: Site) -> None:
    """503 to whoever asks for it, without a word about the store; the live one answers."""
    with site.server.client() as client:
        refused = client.post(URL, json={**SQUARE, "version": THIRD})

        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
        assert str(site.store) not in refused.text
        assert client.post(URL, json=SQUARE).status_code == 200


def test_others_are_answered_meanwhile(site: Site) -> None:
    """While as many points are drawn as may be, a second or so, the one process answers everybody else."""
    random = Random(1)
    stroke = [[random.randrange(256) for _ in range(MAX_POINTS)] for _ in "xy"]
    with site.server.client() as client, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(httpx.post, site.server.url + URL, json={"strokes": [stroke]}, timeout=60, trust_env=False)
        wait_until(lambda: read_metric(site.server, "doodle_predictions_in_line") == 1 or slow.done())
        statuses = [client.get("/healthz").status_code, client.get("/api/v1/stats").status_code]
        is_waiting = not slow.done()

        assert (statuses, is_waiting, slow.result().status_code) == ([200, 200], True, 200)


@pytest.mark.parametrize("command", read_examples())
def test_the_documentations_examples_work(site: Site, command: str, tmp_path: Path) -> None:
    """What docs/http.md tells people to type is answered, as it stands there but for the address."""
    curl = shutil.which("curl")
    if curl is None:
        skip_or_fail("needs curl")
    picture = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(picture).line([(60, 60), (240, 60), (150, 240), (60, 60)], fill="black", width=8)
    picture.save(tmp_path / "drawing.png")
    words = [word.replace("http://localhost:3030", site.server.url) for word in shlex.split(command)]

    done = subprocess.run([curl, "--silent", *words[1:]], cwd=tmp_path, capture_output=True, timeout=60, check=True)

    answer = json.loads(done.stdout)
    assert [each["prediction"] for each in answer.get("predictions", [answer])] in (["cat"], ["cat", "cat"])


def test_many_ask_at_once_for_a_version(site: Site) -> None:
    """It is loaded once for all of them, and everybody gets its answer."""
    before = read_metric(site.server, 'doodle_version_loads_total{outcome="loaded"}')
    with site.server.client() as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post(URL, json={**SQUARE, "version": SECOND}), range(32)))

    assert {(answer.status_code, answer.json()["prediction"]) for answer in answers} == {(200, "dog")}
    assert read_metric(site.server, 'doodle_version_loads_total{outcome="loaded"}') <= before + 1
