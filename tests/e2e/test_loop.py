"""The whole story, in a real browser: draw, guess, store, train, gate, publish, hot reload, roll back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from doodle_db.doodles import Doodle
from doodle_testing.installation import latest_run, live_version, post_all
from doodle_testing.material import Material, recognisable
from doodle_testing.object_store import ObjectStore
from doodle_testing.pages import draw_on, keep_screenshot, prompt_for, wait_for_version
from doodle_testing.stack import Stack, running_stack, wait_until

NUM_MORE = 250
TRAINING_SECONDS = 240
"""How long a run may take on a machine that does other things at the same time."""


@pytest.fixture
def stack_on_s3(tmp_path: Path, data_settings: dict[str, str], object_store: ObjectStore) -> Iterator[Stack]:
    """A new installation with its base data, and its versions in a bucket."""
    told = {**object_store.environment, "ARTIFACT_URL": f"s3://{object_store.make_bucket()}/doodle-loop"}
    with running_stack(tmp_path / "home", **data_settings, **told, DELTA_MIN_DOODLES="200") as running:
        yield running


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
    first_weights = weights_fetched(desk, first_version)

    be_told_that_this_is_nothing_known(desk)
    guess_while_drawing_then_store(desk, stack, material)
    begin_another_drawing(desk, material)
    train_on(material.by_a_new_habit(NUM_MORE, seed=3), desk, stack)
    second_version = live_version(stack)
    assert second_version != first_version
    read_report(desk, second_version)
    wait_for_version(desk.page, second_version)
    assert desk.page.locator("#undo").is_enabled(), "the drawing in progress is gone"
    assert first_weights != weights_fetched(desk, second_version)

    roll_back(desk)
    wait_for_version(desk.page, first_version)
    desk.page.bring_to_front()
    desk.page.locator("#notice").wait_for()

    assert kinds_of_deployments(stack) == [
        ("rollback", first_version),
        ("publish", second_version),
        ("publish", first_version),
    ]
    assert desk.problems == []


def be_told_that_this_is_nothing_known(desk: Desk) -> None:
    """A first line is no strange drawing; an area scratched out is one, and an empty pad is not."""
    hint, unknown = desk.page.locator("#hint"), re.compile("don\u2019t know")
    scratches = [[255 * (row % 2) for row in range(44)], [6 * row for row in range(44)]]
    draw_on(desk.page, [[axis[:2] for axis in scratches]])
    expect(desk.page.locator("#guesses li[data-label]").first).to_be_visible()
    expect(hint).to_be_hidden()
    draw_on(desk.page, [scratches])
    expect(hint).to_contain_text(unknown)
    expect(desk.page.locator("#top-guess")).to_contain_text(unknown)
    keep_screenshot(desk.page, "unknown")
    desk.page.locator("#clear").click()
    expect(hint).not_to_contain_text(unknown)


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


def read_report(desk: Desk, version: str) -> None:
    """Open the report of the run that has just ended, and come back."""
    desk.console.locator(".report-link").first.click()
    report = desk.console.locator("#report .body")
    expect(report.get_by_role("heading", name="Candidate and live")).to_be_visible()
    expect(report.locator(".state.published")).to_be_visible()
    expect(report.get_by_role("cell", name=version)).to_be_attached()
    assert report.locator(".sheets .bitmap").count() > 0
    desk.console.get_by_role("link", name="Back to the desk").click()
    desk.console.locator(".verdict").first.wait_for()


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
    """Give the bytes the page fetched as a version's weights; the browser keeps them for a while only."""
    (request, *_) = [each for each in desk.fetched if f"/models/{version}/" in each.url and each.url.endswith(".bin")]
    answer = request.response()
    assert answer is not None
    return answer.body()


@pytest.mark.timeout(600)
def test_scrambled_labels_are_turned_away(stack_on_s3: Stack, browser: Browser, material: Material) -> None:
    """People who err all at once cannot make the live model worse, and the operator reads why; with versions on S3."""
    stack = stack_on_s3
    first_version = live_version(stack)
    doodles = material.by_a_new_habit(NUM_MORE, seed=5)
    labels = [each.label for each in doodles]
    Random(4).shuffle(labels)

    post_all(stack, [replace(each, label=label) for each, label in zip(doodles, labels, strict=True)])
    wait_until(lambda: latest_run(stack).get("state") == "finished", TRAINING_SECONDS, stack)

    verdict = latest_run(stack)["verdict"]
    assert verdict["outcome"] == "rejected", verdict
    failed = [check["words"] for check in verdict["checks"] if not check["passed"]]
    assert failed
    assert live_version(stack) == first_version
    assert list((stack.home / "artifacts").iterdir()) == []
    page = browser.new_page()
    page.goto(stack.url)
    wait_for_version(page, first_version)
    page.close()
