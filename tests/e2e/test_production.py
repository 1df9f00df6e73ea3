"""How the live model really does, over a hundred thousand drawings, in a real browser."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import Engine, text

from doodle_db.engine import connect_to
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import post_all
from doodle_testing.load_generator import NO_TRAINING
from doodle_testing.pages import keep_screenshot
from doodle_testing.produced import VERSIONS, fill_installation
from doodle_testing.stack import Stack, running_stack
from doodle_testing.windows import PATIENCE_MS, SCHEMES, SIZES

NUM_DOODLES = 100_000
DAYS = 60

TITLES = (
    "Accuracy over time", "Drawings over time", "\u201cI don\u2019t know\u201d over time", "Accuracy by label",
    "Accuracy by version", "What was taken for what", "Calibration: accuracy by confidence",
)  # fmt: skip

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation that has had three versions live, and a hundred thousand drawings, within two months."""
    home = tmp_path_factory.mktemp("production") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES=NO_TRAINING) as running:
        engine = connect_to(running.database_url)
        fill_installation(engine, NUM_DOODLES, datetime.now(UTC), timedelta(days=DAYS))
        engine.dispose()
        yield running


@pytest.fixture
def engine(stack: Stack) -> Iterator[Engine]:
    made = connect_to(stack.database_url)
    yield made
    made.dispose()


def open_production(stack: Stack, context: BrowserContext, address: str = "#production&range=90d") -> Page:
    """Go there, and wait until all of it is shown."""
    page = context.new_page()
    page.goto(f"{stack.url}/console.html{address}")
    page.locator("#production[data-state=shown]").wait_for(timeout=PATIENCE_MS)
    return page


def tile(page: Page, name: str) -> Any:
    return page.locator(".production-tile", has=page.get_by_text(name, exact=True)).locator(".production-value")


def figure(page: Page, title: str) -> Any:
    return page.get_by_role("region", name=title, exact=True).first


def test_a_hundred_thousand_drawings_are_told_whole(stack: Stack, context: BrowserContext, engine: Engine) -> None:
    """Every chart is there, has its table and its CSV, and adds up to what the database holds."""
    page = open_production(stack, context)

    counted = text("""
        SELECT count(*) FILTER (WHERE status <> 'rejected'),
            100.0 * count(*) FILTER (WHERE guess = label AND status <> 'rejected')
                / count(*) FILTER (WHERE guess IS NOT NULL AND status <> 'rejected')
        FROM doodles WHERE source = 'user'
    """)
    with engine.connect() as connection:
        number, percent = connection.execute(counted).one()
    assert tile(page, "Drawings").inner_text().replace("\u202f", "") == str(number)
    assert tile(page, "Accuracy").inner_text().startswith(f"{percent:.1f}")
    for title in TITLES:
        shown = figure(page, title)
        expect(shown.locator(".figure-empty")).to_be_hidden()
        shown.get_by_role("button", name="Table").click()
        assert shown.locator("tbody tr").count() > 1
        with page.expect_download() as saved:
            shown.get_by_role("button", name="CSV").click()
        lines = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) > shown.locator("tbody tr").count() / 2
        shown.get_by_role("button", name="Chart").click()
    keep_screenshot(page, "production", whole=True)


def test_version_and_time_are_chosen_by_keyboard_and_are_addresses(stack: Stack, context: BrowserContext) -> None:
    """A choice narrows everything, can be linked to, and gone back from."""
    page = open_production(stack, context)
    everything = tile(page, "Drawings").inner_text()

    page.locator("#production-version").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url(f"**range=90d&version={VERSIONS[0]}")
    expect(tile(page, "Drawings")).not_to_have_text(everything)
    page.locator("#production-range").select_option("7d")
    page.wait_for_url(f"**range=7d&version={VERSIONS[0]}")
    expect(figure(page, "Accuracy over time").locator(".figure-empty")).to_be_visible()
    keep_screenshot(page, "production-empty", whole=True)
    page.go_back()
    page.go_back()

    expect(tile(page, "Drawings")).to_have_text(everything)


def test_what_comes_in_is_counted_by_itself(stack: Stack, context: BrowserContext) -> None:
    """Nobody has to press anything; a wrong guess that its contributor corrects is right."""
    with stack.client as client:
        live = client.get("/api/v1/models/live").json()["version"]
    page = context.new_page()
    page.clock.install()
    page.goto(f"{stack.url}/console.html#production&range=24h&version={live}")
    expect(figure(page, "Accuracy over time").locator(".figure-empty")).to_be_visible(timeout=PATIENCE_MS)
    drawn = generate_doodles(LABEL_SET, 8, Random(3))
    guessed = [replace(each, guess="cat", confidence=0.9, model_version=live, known=True) for each in drawn]
    post_all(stack, guessed)
    with stack.client as client:
        for each in guessed:
            assert client.put(f"/api/v1/doodles/{each.id}/label", json={"label": "cat"}).status_code == 200

    page.clock.run_for(11_000)

    expect(tile(page, "Drawings")).to_have_text("8", timeout=PATIENCE_MS)
    expect(tile(page, "Accuracy")).to_have_text("100.0\u00a0%")
    expect(page.get_by_text("67.6 to 100.0\u00a0%, 8 of 8", exact=True).first).to_be_visible()


def test_without_a_server_it_says_so_and_goes_on(stack: Stack, context: BrowserContext) -> None:
    """What was shown stays; what cannot be had is said; afterwards it goes on."""
    page = open_production(stack, context)
    before = tile(page, "Drawings").inner_text()
    page.context.set_offline(True)

    page.locator("#production-range").select_option("30d")

    expect(page.locator("#connection")).to_be_visible()
    assert tile(page, "Drawings").inner_text() == before
    page.context.set_offline(False)
    page.locator("#production-range").select_option("365d")
    expect(page.locator("#connection")).to_be_hidden()
    page.locator("#production[data-state=shown]").wait_for()


SCREENS = [(size, scheme) for size in SIZES for scheme in SCHEMES]


@pytest.mark.parametrize("context", SCREENS, indirect=True, ids=["-".join(screen) for screen in SCREENS])
def test_every_size_and_theme(stack: Stack, context: BrowserContext, request: pytest.FixtureRequest) -> None:
    """Nothing is wider than the screen; what was chosen from a calendar is shown by hour where it is short."""
    size, scheme = request.node.callspec.params["context"]
    page = open_production(stack, context)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_screenshot(page, f"production-{size}-{scheme}", whole=True)

    day = (datetime.now(UTC) - timedelta(days=9)).date()
    page.locator("#production-range").select_option("chosen")
    page.locator("#production-to").fill(str(day + timedelta(days=1)))
    page.locator("#production-from").fill(str(day))

    page.wait_for_url(f"**from={day}&to={day + timedelta(days=1)}")
    figure(page, "Accuracy over time").get_by_role("button", name="Table").click()
    expect(figure(page, "Accuracy over time").locator("tbody tr")).to_have_count(48)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
