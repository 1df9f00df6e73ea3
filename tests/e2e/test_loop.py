"""The whole story, in a real browser: draw, guess, store, train, gate, publish, hot reload, roll back."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import onnxruntime
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from doodle_db.bitmap import to_model_input
from doodle_db.doodles import Doodle
from doodle_db.ink import draw, rasterise
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import DRAWINGS, generate_doodles
from doodle_testing.habits import draw_thinner, hold_upside_down, take_up
from doodle_testing.real_drawings import InkStrokes, read_strokes, sample_doodles
from doodle_testing.stack import Stack, running_stack, wait_until
from doodle_testing.wire import as_batches

ROOT = Path(__file__).parents[2]
SCREENSHOTS = os.environ.get("DOODLE_SCREENSHOTS")
NUM_MORE = 250
TRAINING_SECONDS = 240
"""How long a run may take on a machine that does other things at the same time."""


@dataclass(frozen=True)
class Material:
    """
    What the story is played with.

    Attributes:
        data_dir: the folder of real drawings; None: drawings of our own.
    """

    data_dir: Path | None

    def strokes_of(self, label: str) -> Iterator[InkStrokes]:
        """Give drawings of a label as strokes in a box of 0..255."""
        if self.data_dir:
            yield from read_strokes(self.data_dir, label)
        else:
            yield draw(DRAWINGS[label](), LABEL_SET.height, LABEL_SET.width)[0]

    def by_a_new_habit(self, num: int, seed: int) -> list[Doodle]:
        """Give doodles drawn otherwise than the base data: something the live model has yet to learn."""
        random = Random(seed)
        if self.data_dir:
            return take_up(draw_thinner, sample_doodles(self.data_dir, LABEL_SET, num, random))
        return take_up(hold_upside_down, generate_doodles(LABEL_SET, num, random))


@pytest.fixture(scope="module")
def material() -> Material:
    """Real drawings where there are any, our own in any fresh clone."""
    folder = os.environ.get("DOODLE_DATA_DIR")
    return Material(Path(folder) if folder else None)


@pytest.fixture
def stack(tmp_path: Path, material: Material) -> Iterator[Stack]:
    """A new installation with its base data."""
    data_dir = material.data_dir or write_base_data(tmp_path / "data", generate_doodles(LABEL_SET, 1_800, Random(1)))
    with running_stack(tmp_path / "home", DOODLE_DATA_DIR=str(data_dir), DELTA_MIN_DOODLES="200") as running:
        yield running


def write_base_data(data_dir: Path, doodles: list[Doodle]) -> Path:
    """Write doodles of our own as files of base data; gives the folder that stands for DOODLE_DATA_DIR."""
    folder = data_dir / LABEL_SET.base_data
    folder.mkdir(parents=True)
    for label in LABEL_SET.names:
        rows = [np.frombuffer(each.bitmap, np.uint8) for each in doodles if each.label == label]
        np.save(folder / f"{label}.npy", np.stack(rows))
    return data_dir


def shipped_guesses(strokes: InkStrokes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Ask the shipped version by another runtime than the browser's; gives the logits."""
    (model,) = (ROOT / "models" / LABEL_SET.name).glob("*/model.onnx")
    session = onnxruntime.InferenceSession(model)
    bitmap = rasterise(strokes, LABEL_SET.height, LABEL_SET.width)
    given = {session.get_inputs()[0].name: to_model_input(bitmap[np.newaxis])}
    return np.asarray(session.run(None, given)[0][0])


def recognisable(material: Material, label: str) -> InkStrokes:
    """Choose the first drawing of a label that the shipped version knows: the page must guess the same."""
    for strokes in material.strokes_of(label):
        if LABEL_SET.names[int(shipped_guesses(strokes).argmax())] == label:
            return strokes
    raise AssertionError(f"the shipped version recognises no drawing of a {label}")


def draw_on(page: Page, strokes: InkStrokes) -> None:
    """Replay strokes on the pad with the mouse, inside a margin."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    scale = 0.8 * min(box["width"], box["height"]) / 255
    left, top = box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1
    for xs, ys in strokes:
        points = [(left + x * scale, top + y * scale) for x, y in zip(xs, ys, strict=True)]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=2)
        page.mouse.up()


def wait_for_version(page: Page, version: str, *, timeout_ms: int = 15_000) -> None:
    expect(page.locator("#model-version")).to_contain_text(version, timeout=timeout_ms)


def prompt_for(page: Page, label: str) -> None:
    """Skip prompts until the page asks for this label."""
    for _ in range(60):
        if LABEL_SET.labels[LABEL_SET.names.index(label)].prompt in (page.locator("#prompt").text_content() or ""):
            return
        page.locator("#skip").click()
    raise AssertionError(f"the page never asked for a {label}")


def keep_screenshot(page: Page, name: str) -> None:
    """Keep a picture for the docs, when asked to by DOODLE_SCREENSHOTS."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png")


def post_all(stack: Stack, doodles: list[Doodle]) -> None:
    with stack.client as client:
        for body in as_batches(doodles):
            answer = client.post("/api/v1/doodles", json=body)
            assert answer.status_code == 201, answer.text


def latest_run(stack: Stack) -> dict[str, Any]:
    with stack.operator as client:
        runs = client.get("/api/v1/train").json()["runs"]
    return dict(runs[0]) if runs else {}


def live_version(stack: Stack) -> str:
    with stack.client as client:
        return str(client.get("/api/v1/models/live").json()["version"])


@dataclass
class Desk:
    """
    What stands on the operator's desk during the story: two pages in one browser.

    Attributes:
        page: the draw page, never reloaded.
        console: the operator page.
        problems: script errors on either.
        fetched: what the draw page asked of `/models/`.
    """

    page: Page
    console: Page
    problems: list[str] = field(default_factory=list)
    fetched: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        for each in (self.page, self.console):
            each.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self.fetched.append(request) if "/models/" in request.url else None)


@pytest.fixture
def desk(browser: Browser, stack: Stack) -> Iterator[Desk]:
    """Both pages open, the operator signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    opened = Desk(context.new_page(), context.new_page())
    opened.console.goto(stack.sign_in_link())
    opened.console.locator("[data-version]").first.wait_for()
    opened.page.bring_to_front()
    opened.page.goto(stack.url)
    yield opened
    context.close()


@pytest.mark.timeout(900)
def test_the_loop_closes(stack: Stack, desk: Desk, material: Material) -> None:
    """Everything an operator was promised, once, end to end."""
    first_version = live_version(stack)
    wait_for_version(desk.page, first_version)

    guess_while_drawing_then_store(desk, stack, material)
    begin_another_drawing(desk, material)
    train_on(material.by_a_new_habit(NUM_MORE, seed=2), desk, stack)
    second_version = live_version(stack)
    assert second_version != first_version
    wait_for_version(desk.page, second_version)
    assert desk.page.locator("#undo").is_enabled(), "the drawing in progress is gone"
    assert weights_fetched(desk, first_version) != weights_fetched(desk, second_version)

    roll_back(desk)
    wait_for_version(desk.page, first_version)
    desk.page.bring_to_front()
    desk.page.locator("#notice").wait_for()
    keep_screenshot(desk.page, "rolled-back")

    assert kinds_of_deployments(stack) == [
        ("rollback", first_version),
        ("publish", second_version),
        ("publish", first_version),
    ]
    assert desk.problems == []


def guess_while_drawing_then_store(desk: Desk, stack: Stack, material: Material) -> None:
    page = desk.page
    prompt_for(page, "cat")
    draw_on(page, recognisable(material, "cat"))
    expect(page.locator("#guesses li[data-label]").first).to_have_attribute("data-label", "cat")
    keep_screenshot(page, "draw")
    page.locator("#done").click()
    expect(page.locator("#result")).to_contain_text(re.compile("stored", re.IGNORECASE))
    with stack.client as client:
        stored = client.get("/api/v1/stats").json()["labels"]
    assert {label: number for label, number in stored.items() if number} == {"cat": 1}


def begin_another_drawing(desk: Desk, material: Material) -> None:
    desk.page.locator("#next").click()
    draw_on(desk.page, recognisable(material, "fish")[:1])


def train_on(doodles: list[Doodle], desk: Desk, stack: Stack) -> None:
    """Send them; a run is queued by itself, shows how far it is, and publishes."""
    post_all(stack, doodles)
    desk.console.bring_to_front()
    desk.console.locator('[data-run][data-state="running"]').wait_for(timeout=TRAINING_SECONDS * 1_000)
    wait_until(lambda: bool(latest_run(stack).get("progress")), TRAINING_SECONDS, stack)
    wait_until(lambda: latest_run(stack).get("state") == "finished", TRAINING_SECONDS, stack)
    verdict = latest_run(stack)["verdict"]
    assert verdict["outcome"] == "published", verdict
    desk.console.locator(".verdict").first.wait_for()
    keep_screenshot(desk.console, "console")


def roll_back(desk: Desk) -> None:
    """Press the operator page's button and give a reason."""
    desk.console.bring_to_front()
    desk.console.locator('button[data-action="roll-back"]').click()
    desk.console.locator("#reason textarea, #reason input").first.fill("The e2e test wants the first one back.")
    desk.console.locator('#reason button[type="submit"]').click()


def kinds_of_deployments(stack: Stack) -> list[tuple[str, str]]:
    with stack.operator as client:
        history = client.get("/api/v1/deployments").json()["deployments"]
    return [(line["kind"], line["version"]) for line in history]


def weights_fetched(desk: Desk, version: str) -> bytes:
    """Give the bytes the page fetched as a version's weights."""
    (request, *_) = [each for each in desk.fetched if f"/models/{version}/" in each.url and each.url.endswith(".bin")]
    answer = request.response()
    assert answer is not None
    return answer.body()


@pytest.mark.timeout(600)
def test_scrambled_labels_are_turned_away(stack: Stack, material: Material) -> None:
    """People who err all at once cannot make the live model worse, and the operator reads why."""
    first_version = live_version(stack)
    doodles = material.by_a_new_habit(NUM_MORE, seed=3)
    labels = [each.label for each in doodles]
    Random(4).shuffle(labels)

    post_all(stack, [replace(each, label=label) for each, label in zip(doodles, labels, strict=True)])
    wait_until(lambda: latest_run(stack).get("state") == "finished", TRAINING_SECONDS, stack)

    verdict = latest_run(stack)["verdict"]
    assert verdict["outcome"] == "rejected", verdict
    failed = [check["words"] for check in verdict["checks"] if not check["passed"]]
    assert failed
    assert live_version(stack) == first_version
