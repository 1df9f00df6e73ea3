"""What the draw page costs, as built, behind the real nginx: bytes, time to the first guess, and what works before."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from doodle_testing.counted_wire import CountedWire, counted_wire
from doodle_testing.cpu_time import measure_crowding
from doodle_testing.hands import draw_with_mouse
from doodle_testing.page_loads import PATIENCE_MS, Visit, visit
from doodle_testing.page_site import PAGES, PageSite, running_page_site

COLD_BYTES = 300_000
WARM_BYTES = 30_000
GUESS_SECONDS = 1.0

NUM_VISITS = 5
MAX_ROUNDS = 4
"""
A machine that others are using, too, may be slow for a while: the median of one round of visits must do, as it would be
on cores of its own.
"""

MODEL = re.compile(r"/models/[0-9a-f]{12}/|/assets/worker-|\.wasm$")
"""Everything that guessing takes and drawing does not."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageSite]:
    """The pages and a model behind nginx, without a database."""
    with running_page_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def wire(site: PageSite) -> Iterator[CountedWire]:
    """A wire to the site."""
    address = urlsplit(site.url)
    with counted_wire(str(address.hostname), int(address.port or 0)) as stretched:
        yield stretched


def visit_anew(browser: Browser, wire: CountedWire) -> Visit:
    """Come for the first time: nothing is in any cache."""
    context = browser.new_context()
    try:
        return visit(context, wire)[1]
    finally:
        context.close()


def test_the_first_guess_comes_within_a_second_and_300_kilobytes(browser: Browser, wire: CountedWire) -> None:
    """HTML, scripts, styles, WebAssembly and model together, headers and all; from the navigation on, empty caches."""
    medians: list[float] = []
    for _ in range(MAX_ROUNDS):
        crowding = measure_crowding()
        visits = [visit_anew(browser, wire) for _ in range(NUM_VISITS)]
        crowding = max(1.0, min(crowding, measure_crowding()))
        assert max(each.num_bytes for each in visits) <= COLD_BYTES, visits[0].files
        medians.append(median(each.guess_seconds for each in visits) / crowding)
        if medians[-1] <= GUESS_SECONDS:
            break

    assert min(medians) <= GUESS_SECONDS, medians


@pytest.mark.parametrize("service_workers", ["allow", "block"])
def test_a_second_visit_costs_next_to_nothing(
    browser: Browser, wire: CountedWire, service_workers: Any, site: PageSite
) -> None:
    """Whether the browser keeps service workers or not: what has not changed is not sent again."""
    context = browser.new_context(service_workers=service_workers)
    page, _ = visit(context, wire)
    if service_workers == "allow":
        page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    page.close()

    page, second = visit(context, wire)

    context.close()
    assert second.num_bytes < WARM_BYTES, second.files


def test_nothing_comes_twice_and_the_console_stays_empty(browser: Browser, wire: CountedWire) -> None:
    """What is asked for early is what is used later; whoever opens the browser's tools sees no warning of ours."""
    context = browser.new_context()
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))

    page, first = visit(context, wire)

    # A preload that nothing uses is warned of seconds later; this one is used by the page's first question.
    preloaded = page.locator("link[rel=preload]").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    context.close()
    sent = Counter(each["name"] for each in first.files if each["transferSize"])
    assert [name for name, times in sent.items() if times > 1] == []
    assert preloaded == ["/api/v1/models/live"]
    assert said == []


def test_no_script_of_another_page_is_loaded(browser: Browser, wire: CountedWire) -> None:
    """The operator's page and the API's are three times as large, and nothing to who draws."""
    loaded = {each["name"] for each in visit_anew(browser, wire).files}

    assert loaded & scripts_of("index.html")
    for other in ("console.html", "api_docs.html"):
        assert not loaded & (scripts_of(other) - scripts_of("index.html")), other


def scripts_of(page: str) -> set[str]:
    """Find the scripts and styles a built page begins with."""
    return set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', (Path(PAGES) / page).read_text(encoding="utf-8")))


def test_everything_works_before_the_model_has_arrived(browser: Browser, site: PageSite) -> None:
    """Somebody on a slow line draws, is done, and has it stored; when the model is there, it guesses along."""
    context = browser.new_context(service_workers="block")
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    context.route(MODEL, hold)
    page = context.new_page()
    page.goto(site.url)
    already = len(site.service.stored)

    draw_something(page)
    page.locator("#done").click()
    expect(page.locator("#result")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("#next").click()
    draw_something(page)

    stored = site.service.stored[already:]
    assert held
    assert [each["guess"] for each in stored] == [None]
    assert page.locator("#guesses li").count() == 0
    is_held = False
    for route in held:
        route.continue_()
    expect(page.locator("#guesses li").first).to_be_visible(timeout=PATIENCE_MS)
    context.close()


def draw_something(page: Page) -> None:
    """Draw a stroke as soon as the page can be drawn on."""
    page.locator('.stage[data-phase="drawing"]').wait_for(timeout=PATIENCE_MS)
    draw_with_mouse(page, [(0.3, 0.3), (0.5, 0.6), (0.7, 0.3), (0.6, 0.7)])
    expect(page.locator("#done")).to_be_enabled()
