"""The versions on the operator's page, in a real browser: compared, deployed, rolled back, pinned, deleted."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import create_engine

from doodle_db.artifacts import ArtifactStore
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import live_version, post_all
from doodle_testing.pages import keep_screenshot, wait_for_version
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
