"""Browsers and networks that lack something: whatever it is, drawing works, and the page says what does not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from doodle_testing import page_site
from doodle_testing.circumstances import (
    PATIENCE_MS,
    SPIRAL,
    ZIGZAG,
    draw_and_be_guessed,
    finish,
    open_page,
    press_done,
    wait_for_phase,
    without_network,
)
from doodle_testing.page_site import PageSite, running_page_site
from doodle_testing.pages import draw_on
from doodle_testing.stack import wait_until

pytestmark = pytest.mark.timeout(120)

WORKER = re.compile(r"/assets/worker-[^/]+\.js$")
WASM = re.compile(r"\.wasm$")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageSite]:
    """The built pages, behind nginx."""
    with running_page_site(tmp_path_factory.mktemp("site"), page_site.PAGES) as running:
        yield running


@pytest.fixture
def context(browser: Browser, site: PageSite) -> Iterator[BrowserContext]:
    """A browser that has never been here; the service worker would answer for what tests take away."""
    site.service.stored.clear()
    opened = browser.new_context(service_workers="block")
    yield opened
    opened.close()


def draw_and_store(page: Page, site: PageSite) -> dict[str, object]:
    """Draw, be guessed, press Done; give what arrived."""
    draw_and_be_guessed(page)
    press_done(page)
    expect(page.locator("#result .words")).to_contain_text("Stored")
    (body,) = site.service.stored
    return body


FORBIDDEN = "Worker = class { constructor() { throw new DOMException('no workers here', 'SecurityError'); } };"


def test_where_no_worker_runs_the_page_itself_guesses(site: PageSite, context: BrowserContext) -> None:
    """More slowly, in plain JavaScript, and it says so."""
    context.add_init_script(FORBIDDEN)
    page = open_page(context, site)

    body = draw_and_store(page, site)

    expect(page.locator("#backend")).to_contain_text("cpu")
    assert body["model_version"] == site.manifest["version"]


def test_a_worker_whose_script_does_not_come_is_tried_again_and_given_up(
    site: PageSite, context: BrowserContext
) -> None:
    """Three times, not for ever; the page itself guesses then."""
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(WORKER, refuse)
    page = open_page(context, site)

    draw_and_store(page, site)

    assert 1 <= len(asked) <= 4
    expect(page.locator("#backend")).to_contain_text("cpu")


def test_a_worker_that_breaks_down_is_replaced(site: PageSite, context: BrowserContext) -> None:
    """In the middle of a drawing, which is guessed on."""
    page = open_page(context, site)
    draw_and_be_guessed(page)
    (worker,) = page.workers

    with page.expect_worker():
        worker.evaluate("setTimeout(() => { throw new Error('out of memory'); })")
        draw_on(page, SPIRAL)

    press_done(page)
    (body,) = site.service.stored
    assert body["model_version"] == site.manifest["version"]
    assert page.workers != [worker]


def without_web_assembly(route: Route) -> None:
    """Give the worker's script to a browser that has none."""
    answer = route.fetch()
    route.fulfill(response=answer, body="delete self.WebAssembly;" + answer.text())


@pytest.mark.parametrize("what", ["missing", "blocked"])
def test_without_web_assembly_plain_javascript_guesses(site: PageSite, context: BrowserContext, what: str) -> None:
    """Whether the browser has none, or its file does not come."""
    if what == "missing":
        context.route(WORKER, without_web_assembly)
    else:
        context.route(WASM, lambda route: route.abort())
    page = open_page(context, site)

    draw_and_store(page, site)

    expect(page.locator("#backend")).to_contain_text("cpu")


def test_nothing_depends_on_web_gl(site: PageSite, context: BrowserContext) -> None:
    """The network runs in WebAssembly, and the pad is painted in two dimensions."""
    context.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
            return kind === "2d" ? real.call(this, kind, ...more) : null;
        };
        delete globalThis.GPU;"""
    )
    page = open_page(context, site)

    draw_and_store(page, site)

    expect(page.locator("#backend")).to_contain_text("wasm")


def test_a_corrupted_model_is_refused_and_drawings_are_stored_without_a_guess(
    site: PageSite, context: BrowserContext
) -> None:
    """Asked for once more past all caches, then said; when the right file comes it is used."""
    asked: list[str] = []

    def corrupt(route: Route) -> None:
        asked.append(route.request.header_value("cache-control") or "")
        route.fulfill(status=200, body=b"\0" * site.manifest["files"][1]["size_bytes"])

    context.route("**/weights.bin", corrupt)
    page = open_page(context, site)
    expect(page.locator("#notice")).to_contain_text("could not be used")
    assert len(asked) >= 2

    draw_on(page, ZIGZAG)
    press_done(page)

    wait_until(lambda: len(site.service.stored) == 1, 20)
    assert site.service.stored[0]["guess"] is None
    context.unroute("**/weights.bin")
    page.locator("#next").click()
    draw_and_be_guessed(page)


STORES = {
    "missing": "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });",
    "hanging": "IDBFactory.prototype.open = () => ({});",
    "full": "IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); };",
}


@pytest.mark.parametrize("store", list(STORES))
def test_a_browser_that_keeps_nothing_still_sends(site: PageSite, context: BrowserContext, store: str) -> None:
    """Drawings wait in the page, which says honestly that they wait only there, until the network is back."""
    context.add_init_script(STORES[store])
    page = open_page(context, site)

    with without_network(context):
        draw_on(page, SPIRAL)
        press_done(page)
        expect(page.locator("#outbox")).to_contain_text("only in this tab")
        expect(page.locator("#result .words")).to_contain_text("keeps nothing")

    wait_until(lambda: len(site.service.stored) == 1, 20)
    expect(page.locator("#outbox")).to_be_hidden()


def test_storage_that_is_really_full_is_no_end(site: PageSite, context: BrowserContext) -> None:
    """The browser's own quota, used up: drawings go on, waiting in the page."""
    page = open_page(context, site)
    session = context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": 1})

    with without_network(context):
        draw_on(page, SPIRAL)
        press_done(page)
        expect(page.locator("#outbox")).to_be_visible()

    wait_until(lambda: len(site.service.stored) == 1, 20)


def test_storage_that_throws_at_every_touch_is_done_without(site: PageSite, context: BrowserContext) -> None:
    """Preferences hold as long as the page."""
    context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
            Object.defineProperty(globalThis, name, { get() { throw new DOMException("no", "SecurityError"); } });"""
    )
    draw_and_store(open_page(context, site), site)


def test_nothing_depends_on_the_devices_clock(site: PageSite, context: BrowserContext) -> None:
    """A drawing is guessed, kept, tried again and sent; there is no time in it: the server has a clock of its own."""
    context.clock.set_system_time("2099-01-02T03:04:05")
    page = open_page(context, site)
    assert page.evaluate("new Date().getFullYear()") == 2099

    with without_network(context):
        draw_and_be_guessed(page)
        finish(page)
        expect(page.locator("#outbox")).to_be_visible()

    wait_until(lambda: len(site.service.stored) == 1, 20)
    (body,) = site.service.stored
    assert set(body) == {
        "id", "label", "bitmap", "strokes", "guess", "confidence", "model_version", "known"
    }  # fmt: skip
    assert "2099" not in json.dumps({**body, "bitmap": "", "strokes": [], "id": ""})


def test_on_a_slow_network_one_draws_before_the_model_is_there(site: PageSite, context: BrowserContext) -> None:
    """What was drawn meanwhile is guessed when it comes."""
    waiting: list[Route] = []
    may_come: list[bool] = []

    def hold(route: Route) -> None:
        if may_come:
            route.continue_()
        else:
            waiting.append(route)

    context.route("**/weights.bin", hold)
    page = open_page(context, site)

    draw_on(page, SPIRAL)
    expect(page.locator("#undo")).to_be_enabled()
    expect(page.locator("#guesses li[data-label]")).to_have_count(0)

    may_come.append(True)
    for route in waiting:
        route.continue_()
    expect(page.locator("#guesses li[data-label]").first).to_be_visible(timeout=PATIENCE_MS)


def test_on_a_silent_network_one_draws_on_in_every_tab(site: PageSite, context: BrowserContext) -> None:
    """A drawing is kept at once; that nobody answers, or that another tab waits for an answer, holds nobody up."""
    tabs = [open_page(context, site), open_page(context, site)]
    site.service.may_answer.clear()

    for number, tab in enumerate(tabs, 1):
        tab.bring_to_front()
        draw_on(tab, SPIRAL)
        tab.locator("#done").click()
        expect(tab.locator("#result .words")).to_contain_text("Kept on this device", timeout=8_000)
        expect(tab.locator("#outbox")).to_contain_text(f"{number} drawing")
        tab.locator("#next").click()
        wait_for_phase(tab, "drawing")

    site.service.may_answer.set()
    wait_until(lambda: len(site.service.stored) == 2, 20)
    for tab in tabs:
        expect(tab.locator("#outbox")).to_be_hidden()
    assert len({body["id"] for body in site.service.stored}) == 2


@pytest.mark.parametrize("status", [200, 403, 405])
def test_a_page_that_answers_in_the_servers_place_does_not_swallow_drawings(
    site: PageSite, context: BrowserContext, status: int
) -> None:
    """As a hotel's network does until one has signed in: everything is answered, or refused, with a page."""
    page = open_page(context, site)
    page.route("**/api/v1/doodles", lambda route: route.fulfill(status=status, content_type="text/html", body="<h1>"))
    draw_on(page, SPIRAL)
    press_done(page)
    expect(page.locator("#outbox")).to_contain_text("1 drawing waits")

    page.unroute("**/api/v1/doodles")
    page.evaluate("dispatchEvent(new Event('online'))")

    wait_until(lambda: len(site.service.stored) == 1, 20)
    expect(page.locator("#outbox")).to_be_hidden()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("delete window.PointerEvent;", "it has no pointer events"),
        ("delete AbortSignal.timeout; delete Object.hasOwn;", "no AbortSignal.timeout and no Object.hasOwn"),
    ],
)
def test_an_old_browser_is_told_what_it_lacks(site: PageSite, context: BrowserContext, script: str, words: str) -> None:
    """In plain words, by a script that any browser can read."""
    context.add_init_script(script)
    page = context.new_page()
    page.goto(site.url)

    expect(page.locator("#cannot-start")).to_contain_text(words)


WITHOUT_WHAT_IS_NEWER = """
    for (const name of ["toReversed", "toSorted", "toSpliced", "with", "findLast", "findLastIndex"])
        delete Array.prototype[name];
    for (const name of Object.getOwnPropertyNames(Element.prototype))
        if (name.startsWith("aria")) delete Element.prototype[name];
    delete Response.json;
    delete AbortSignal.any;
    """


def test_the_oldest_browsers_draw_guess_erase_and_store(site: PageSite, context: BrowserContext) -> None:
    """What Firefox 100, Chrome and Edge 103 and Safari 16 do not all have is used nowhere."""
    context.add_init_script(WITHOUT_WHAT_IS_NEWER)
    page = open_page(context, site)
    expect(page.locator("#cannot-start")).to_have_count(0)

    body = draw_and_store(page, site)

    assert body["model_version"] == site.manifest["version"]
    page.locator("#next").click()
    draw_and_be_guessed(page)
    page.locator("#eraser").click()
    expect(page.locator("#eraser")).to_have_attribute("aria-pressed", "true")


def test_a_page_whose_script_does_not_come_says_so(site: PageSite, context: BrowserContext) -> None:
    """Instead of waking up for ever."""
    context.route("**/assets/draw-*.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(site.url)

    expect(page.locator("#cannot-start")).to_contain_text("did not arrive")


def test_a_late_part_that_a_newer_build_has_replaced_is_no_end(site: PageSite, context: BrowserContext) -> None:
    """Where nothing has been kept: the page says that there is a newer one, and one goes on drawing."""
    context.route("**/assets/dialog-*.js", lambda route: route.fulfill(status=404))
    page = open_page(context, site)

    page.locator("#open-settings").click()

    expect(page.locator("#new-page")).to_be_visible()
    draw_and_store(page, site)


def test_two_tabs_swap_to_a_new_model_each_for_itself(tmp_path: Path, context: BrowserContext) -> None:
    """In the middle of a drawing, which stays."""
    with running_page_site(tmp_path, page_site.PAGES) as site:
        tabs = [open_page(context, site), open_page(context, site)]
        for tab in tabs:
            tab.bring_to_front()
            draw_and_be_guessed(tab)

        version = site.deploy_copy(2)

        for tab in tabs:
            tab.bring_to_front()
            expect(tab.locator("#model-version")).to_contain_text(version, timeout=PATIENCE_MS)
            expect(tab.locator("#undo")).to_be_enabled()
            wait_for_phase(tab, "drawing")
