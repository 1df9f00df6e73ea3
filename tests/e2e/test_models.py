"""The versions on the operator's page, in a real browser: compared, deployed, rolled back, pinned, deleted."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from sqlalchemy import create_engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.doodle_content import Doodle, ShadowAnswer
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import live_version, post_all
from doodle_testing.pages import draw_on, keep_screenshot, wait_for_version
from doodle_testing.seeded_versions import BETTER, SEEDS, WAITING, WORSE, seed_versions
from doodle_testing.stack import Stack, running_stack
from doodle_testing.windows import PATIENCE_MS, SCHEMES, SIZES

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation with four versions, the shipped one live, and drawings to compare on."""
    home = tmp_path_factory.mktemp("models") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="100000") as running:
        post_all(running, generate_doodles(LABEL_SET, 300, Random(3)))
        engine = create_engine(running.database_url)
        seed_versions(engine, ArtifactStore(str(home / "artifacts")))
        engine.dispose()
        yield running


def open_models(stack: Stack, context: BrowserContext, part: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{stack.url}/console.html#models{part}")
    page.locator("#models tr[data-version]").first.wait_for()
    return page


def shown(page: Page) -> list[str]:
    """List the versions in the table, from above."""
    names = page.locator("#models tr[data-version]").evaluate_all("rows => rows.map(row => row.dataset.version)")
    return [str(name) for name in names]


def give_reason(page: Page, reason: str) -> None:
    page.locator("#reason-text").fill(reason)
    page.locator("#reason [type=submit]").click()


def ask(stack: Stack, path: str) -> dict[str, Any]:
    with stack.operator as client:
        return dict(client.get(f"/api/v1/{path}").json())


@pytest.mark.parametrize(
    "context",
    [(size, scheme) for size in SIZES for scheme in SCHEMES],
    ids="-".join,
    indirect=True,
)
def test_the_page_shows_all_that_is_known(
    stack: Stack, context: BrowserContext, request: pytest.FixtureRequest
) -> None:
    """Hash, parent, size, figures, verdict in words, lineage, history; no wider than the screen, by day and night."""
    page = open_models(stack, context)

    assert set(shown(page)) == {live_version(stack), BETTER, WORSE, WAITING}
    row = page.locator(f'#models tr[data-version="{WAITING}"]')
    for words in (f"from {BETTER}", "passed, not deployed", SEEDS[2].summary, "89.7"):
        expect(row).to_contain_text(words)
    expect(page.locator("#models .lineage li")).to_have_count(4)
    expect(page.locator("#models .timeline li").first).to_contain_text("first start")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    keep_screenshot(page, f"models-{request.node.callspec.id}", whole=True)


def test_the_table_is_sorted_by_what_is_asked_for(stack: Stack, context: BrowserContext) -> None:
    """Best first, then worst first; the column says so."""
    page = open_models(stack, context)

    page.get_by_role("button", name="On base drawings").click()
    best = shown(page)
    page.keyboard.press("Enter")

    assert best.index(WAITING) < best.index(BETTER) < best.index(WORSE)
    assert shown(page) == best[::-1]
    expect(page.locator('th[aria-sort="ascending"]')).to_have_text("On base drawings")


def test_two_versions_side_by_side(stack: Stack, context: BrowserContext) -> None:
    """Both are asked about the same drawings; who wins where, and whether that may be chance; it has an address."""
    page = open_models(stack, context)
    page.get_by_label(f"Compare {BETTER}").check()
    page.get_by_label(f"Compare {WORSE}").check()

    page.get_by_role("button", name="Compare", exact=True).click()

    page.wait_for_url(f"**#models&compare={BETTER},{WORSE}")
    panel = page.locator("#models .comparisons")
    expect(panel).to_contain_text("McNemar", timeout=PATIENCE_MS)
    expect(panel).to_contain_text(f"{BETTER} is right about")
    found = ask(stack, f"models/{BETTER}/comparison?with={WORSE}")["holdouts"][0]
    assert panel.locator("tbody tr").count() == len(found["labels"]) + 1
    expect(panel.locator("tr.all")).to_contain_text(str(found["all"]["num_doodles"]))
    with page.expect_download() as saved:
        page.locator("#models-save-comparison").click()
    assert saved.value.suggested_filename == f"comparison-{BETTER}-{WORSE}.csv"
    keep_screenshot(page, "models-compared")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(panel).to_be_hidden()
    page.go_back()
    expect(panel).to_be_visible()


def test_files_are_to_be_had(stack: Stack, context: BrowserContext) -> None:
    """One by one, and as one zip."""
    page = open_models(stack, context)
    row = page.locator(f'#models tr[data-version="{BETTER}"]')
    row.locator("summary").click()

    with page.expect_download() as whole:
        row.get_by_role("link", name="All of it, as one zip").click()
    with page.expect_download() as onnx:
        row.get_by_role("link", name="ONNX").click()

    assert whole.value.suggested_filename == f"doodle-loop-animals-{BETTER}.zip"
    assert onnx.value.suggested_filename == f"{BETTER}-model.onnx"


def test_deploy_roll_back_pin_delete(stack: Stack, context: BrowserContext) -> None:
    """An operator's afternoon: each act asks why, shows at once in open pages, and stays in the history."""
    first = live_version(stack)
    drawing = context.new_page()
    drawing.goto(stack.url)
    wait_for_version(drawing, first)
    page = open_models(stack, context)

    page.get_by_role("button", name=f"Deploy version {BETTER}").click()
    keep_screenshot(page, "models-deploying")
    give_reason(page, "It is better.")
    expect(page.locator("#models .standing code")).to_have_text(BETTER, timeout=PATIENCE_MS)
    wait_for_version(drawing, BETTER)

    page.get_by_role("button", name="Roll back").click()
    give_reason(page, "Dogs became horses.")
    expect(page.locator("#models .standing code")).to_have_text(first, timeout=PATIENCE_MS)
    wait_for_version(drawing, first)
    expect(page.locator("#models .timeline .reason").first).to_have_text("Dogs became horses.")

    page.get_by_role("button", name="Pin").click()
    give_reason(page, "A fair.")
    expect(page.locator("#models .pinned-note")).to_contain_text("A fair.", timeout=PATIENCE_MS)
    expect(page.locator("#pinned")).to_be_visible(timeout=PATIENCE_MS)
    assert ask(stack, "pin")["pinned"] is True
    keep_screenshot(page, "models-pinned", whole=True)
    page.goto(f"{stack.url}/console.html#desk")
    expect(page.locator("#desk .pinned-note")).to_contain_text("A fair.", timeout=PATIENCE_MS)
    page.goto(f"{stack.url}/console.html#models")
    page.get_by_role("button", name="Let runs deploy again").click()
    give_reason(page, "It is over.")
    expect(page.locator("#models .pinned-note")).to_be_hidden(timeout=PATIENCE_MS)
    expect(page.locator("#pinned")).to_be_hidden(timeout=PATIENCE_MS)

    page.get_by_role("button", name=f"Delete version {WORSE}").click()
    page.locator("#reason-name").fill("something else")
    give_reason(page, "Nobody wants it.")
    expect(page.locator("#reason")).to_be_visible()
    keep_screenshot(page, "models-deleting")
    page.locator("#reason-name").fill(WORSE)
    page.locator("#reason [type=submit]").click()
    expect(page.locator(f'#models tr[data-version="{WORSE}"]')).to_have_count(0, timeout=PATIENCE_MS)
    with stack.client as client:
        assert client.get(f"/models/{WORSE}/manifest.json").status_code == 404
    assert live_version(stack) == first
    history = ask(stack, "deployments")["deployments"]
    assert [line["reason"] for line in history[:2]] == ["Dogs became horses.", "It is better."]


def test_a_shadow_is_tried_and_nobody_sees_it(stack: Stack, context: BrowserContext) -> None:
    """An operator lets a version be tried; somebody draws; the console has an answer of both; then it is ended."""
    live = live_version(stack)
    drawing = context.new_page()
    fetched: list[Request] = []
    drawing.on("request", lambda request: fetched.append(request) if "/models/" in request.url else None)
    drawing.goto(stack.url)
    wait_for_version(drawing, live)
    page = open_models(stack, context)
    expect(page.locator("#models .shadow")).to_contain_text("No version is being tried.")
    assert {name for request in fetched for name in (BETTER, WAITING) if name in request.url} == set()

    page.get_by_role("button", name=f"Try version {BETTER}").click()
    keep_screenshot(page, "models-trying")
    with drawing.expect_response(f"**/models/{BETTER}/*.bin"):
        give_reason(page, "Is it better on phones?")
    expect(page.locator("#models .shadow .badge")).to_have_text("shadow", timeout=PATIENCE_MS)
    drawing.bring_to_front()
    num_drawn = draw_until_answered(stack, drawing)

    assert BETTER not in drawing.content()
    assert "shadow" not in drawing.locator("body").inner_text().lower()
    page.bring_to_front()
    page.reload()
    figures = page.locator("#models .shadow-figures dd")
    expect(figures.first).to_have_text(f"1of {num_drawn} since it began", timeout=PATIENCE_MS)
    expect(figures.nth(1)).to_contain_text("100.0")
    expect(page.locator("#models .shadow .caution")).to_contain_text("Too few to tell: 1 drawing so far")
    page.locator("#models-end-shadow").click()
    give_reason(page, "Seen enough.")
    expect(page.locator("#models .shadow")).to_contain_text("No version is being tried.", timeout=PATIENCE_MS)
    expect(page.locator("#models .timeline .reason").first).to_have_text("Seen enough.")


def draw_until_answered(stack: Stack, drawing: Page) -> int:
    """Draw until the shadow has answered, which may have been loading still, and give how many drawings that took."""
    strokes = generate_doodles(LABEL_SET, 1, Random(8))[0].strokes
    for num_drawn in range(1, 6):
        draw_on(drawing, [[list(xs), list(ys)] for xs, ys in strokes or []])
        drawing.locator("#done").click()
        expect(drawing.locator("#result")).to_contain_text(re.compile("stored", re.IGNORECASE))
        if ask(stack, "shadow")["comparison"]["all"]["num_doodles"] == 1:
            return num_drawn
        drawing.locator("#next").click()
    raise AssertionError("no drawing came with an answer of the shadow")


@pytest.fixture(scope="module")
def compared(stack: Stack) -> None:
    """A shadow that is right more often than the live version, on 240 drawings."""
    live, random = live_version(stack), Random(6)
    with stack.operator as client:
        body = {"version": WAITING, "reason": "Is it better on phones?"}
        assert client.put("/api/v1/shadow", json=body).status_code == 200
    drawn = generate_doodles(LABEL_SET, 240, random)
    post_all(stack, [answer(each, live, random) for each in drawn])


def answer(drawn: Doodle, live: str, random: Random) -> Doodle:
    """Let the live version be right about four of five, and the shadow about nine of ten."""

    def guess(share: float) -> tuple[str, float]:
        is_right = random.random() < share
        return (drawn.label if is_right else random.choice(LABEL_SET.names), random.uniform(0.4, 0.9) + is_right / 10)

    (said, sureness), shadow = guess(0.8), ShadowAnswer(WAITING, *guess(0.9))
    return replace(drawn, guess=said, confidence=sureness, model_version=live, shadow=shadow)


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize(
    "context",
    [(size, scheme) for size in SIZES for scheme in SCHEMES],
    ids="-".join,
    indirect=True,
)
def test_the_shadow_in_figures(stack: Stack, context: BrowserContext, request: pytest.FixtureRequest) -> None:
    """Agreement, accuracy of both and by label, whether that may be chance; no wider than the screen; also as CSV."""
    page = open_models(stack, context)
    figures = ask(stack, "shadow")["comparison"]

    shown = page.locator("#models .shadow")
    expect(shown.locator("dd").first).to_contain_text(str(figures["all"]["num_doodles"]))
    expect(shown.locator(".shadow-result")).to_contain_text("McNemar")
    expect(page.locator(f'#models tr[data-version="{WAITING}"] .badge')).to_have_text("shadow")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.locator("#models-shadow").scroll_into_view_if_needed()
    keep_screenshot(page, f"models-shadow-{request.node.callspec.id}", whole=True)
    with page.expect_download() as saved:
        shown.locator("[data-action=csv]").click()
    rows = saved.value.path().read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(figures["labels"]) + 2
    assert rows[-1].startswith(f"all,{figures['all']['num_doodles']},{figures['all']['num_agreed']},")
