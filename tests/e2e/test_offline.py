"""Without a network: the page opens, guesses, keeps drawings and sends each of them once; builds come and go."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, expect

from doodle_testing import page_site
from doodle_testing.circumstances import (
    PATIENCE_MS,
    SPIRAL,
    be_kept,
    copy_pages,
    draw_and_be_guessed,
    finish,
    open_page,
    press_done,
    release,
    wait_for_phase,
    wait_until_told,
    without_network,
)
from doodle_testing.page_site import PageSite, running_page_site
from doodle_testing.pages import draw_on
from doodle_testing.stack import wait_until
from doodle_testing.windows import faultless_context

IS_OUTBOX_EMPTY = """() => new Promise((resolve) => {
    const opening = indexedDB.open("doodle-loop");
    opening.onsuccess = () => {
        const counting = opening.result.transaction("outbox").objectStore("outbox").count();
        counting.onsuccess = () => { opening.result.close(); resolve(counting.result === 0); };
    };
})"""

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageSite]:
    """The built pages, behind nginx."""
    folder = tmp_path_factory.mktemp("site")
    with running_page_site(folder, copy_pages(page_site.PAGES, folder)) as running:
        yield running


@pytest.fixture
def context(browser: Browser, site: PageSite) -> Iterator[BrowserContext]:
    """A browser that has never been here; no script in it may fail."""
    site.service.stored.clear()
    with faultless_context(browser) as opened:
        yield opened


def wait_until_stored(site: PageSite, count: int) -> None:
    """Wait until so many different drawings have arrived."""
    wait_until(lambda: len({body["id"] for body in site.service.stored}) >= count, 20)


def test_the_page_opens_guesses_and_keeps_drawings_without_a_network(site: PageSite, context: BrowserContext) -> None:
    """What was drawn there is sent when the network is back: every drawing, and each once."""
    be_kept(open_page(context, site))
    context.pages[0].close()

    with without_network(context):
        page = open_page(context, site)
        draw_and_be_guessed(page)
        press_done(page)
        expect(page.locator("#result .words")).to_contain_text("Kept on this device")
        expect(page.locator("#model-version")).to_contain_text(site.manifest["version"])
        page.close()
        page = open_page(context, site)
        expect(page.locator("#outbox")).to_contain_text("1 drawing waits")
        draw_and_be_guessed(page, SPIRAL)
        press_done(page)
        expect(page.locator("#outbox")).to_contain_text("2 drawings wait")
        assert site.service.stored == []

    wait_until_stored(site, 2)
    expect(page.locator("#outbox")).to_be_hidden()
    assert len(site.service.stored) == 2
    assert [body["model_version"] for body in site.service.stored] == [site.manifest["version"]] * 2


@pytest.mark.parametrize("has_locks", [True, False])
def test_tabs_that_were_offline_send_each_drawing_once(
    site: PageSite, context: BrowserContext, has_locks: bool
) -> None:
    """Tabs take turns; in a browser without locks the server knows a drawing that comes twice by its id."""
    if not has_locks:
        context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    be_kept(open_page(context, site))
    tabs = [context.pages[0], open_page(context, site)]

    with without_network(context):
        for tab in tabs:
            tab.bring_to_front()
            draw_on(tab, SPIRAL)
            finish(tab)

    wait_until_stored(site, 2)
    for tab in tabs:
        expect(tab.locator("#outbox")).to_be_hidden(timeout=PATIENCE_MS)
    contents = {body["id"]: body for body in site.service.stored}
    assert len(contents) == 2
    assert all(contents[body["id"]] == body for body in site.service.stored)
    if has_locks:
        assert len(site.service.stored) == 2


def test_a_tab_that_dies_while_sending_is_followed_by_one_that_sends_it_again(
    site: PageSite, context: BrowserContext
) -> None:
    """The very same drawing, under the same id: the server stores it once."""
    page = open_page(context, site)
    site.service.may_answer.clear()
    draw_on(page, SPIRAL)
    page.locator("#done").click()
    wait_until_stored(site, 1)
    page.close()
    site.service.may_answer.set()

    follower = open_page(context, site)

    wait_until_told(follower, IS_OUTBOX_EMPTY)
    first, *again = site.service.stored
    assert again != []
    assert all(body == first for body in again)


def test_a_new_build_takes_over_without_breaking_an_open_page(
    browser: Browser, tmp_path: Path, context: BrowserContext
) -> None:
    """The open page goes on with its own files and says quietly that there is a newer one; the next page is that."""
    pages = copy_pages(page_site.PAGES, tmp_path)
    with running_page_site(tmp_path, pages) as site:
        be_kept(open_page(context, site))
        context.pages[0].close()
        old = open_page(context, site)

        release(pages, "2")
        old.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")

        expect(old.locator("#new-page")).to_be_visible(timeout=PATIENCE_MS)
        draw_on(old, SPIRAL)
        expect(old.locator("#undo")).to_be_enabled()
        old.locator("#new-page").click()
        expect(old.locator("#notice")).to_contain_text("Finish this drawing first")
        expect(old.locator("#undo")).to_be_enabled()

        new = open_page(context, site)
        assert new.locator("meta[name=build]").get_attribute("content") == "2"
        draw_and_be_guessed(new)
        new.reload()
        wait_for_phase(new, "drawing")
        # A part that is loaded late, and that the server has no more.
        old.bring_to_front()
        old.locator("#open-settings").click()
        expect(old.locator("#settings")).to_be_visible()
        old.keyboard.press("Escape")
        assert len(old.evaluate("caches.keys()")) == 3

        old.locator("#clear").click()
        old.locator("#new-page").click()
        old.wait_for_function("document.querySelector('meta[name=build]')?.content === '2'")
        wait_for_phase(old, "drawing")
        new.reload()
        wait_until_told(new, "async () => (await caches.keys()).length === 2")


def test_an_operator_can_have_everything_removed(tmp_path: Path, context: BrowserContext) -> None:
    """All but the drawings that wait: they are sent."""
    pages = copy_pages(page_site.PAGES, tmp_path)
    with running_page_site(tmp_path, pages) as site:
        be_kept(open_page(context, site))
        page = context.pages[0]
        with without_network(context):
            draw_on(page, SPIRAL)
            press_done(page)
            page.close()
        (pages / "sw.js").write_bytes((pages / "sw_off.js").read_bytes())

        page = open_page(context, site)
        wait_until_told(page, "async () => (await navigator.serviceWorker.getRegistrations()).length === 0")
        wait_until_told(page, "async () => (await caches.keys()).length === 0")
        wait_until_stored(site, 1)
        page.reload()
        wait_for_phase(page, "drawing")
        draw_and_be_guessed(page)


def test_what_is_kept_and_broken_is_fetched_again(site: PageSite, context: BrowserContext) -> None:
    """A script and a model whose bytes have changed on the disk: found by their SHA-256."""
    page = open_page(context, site)
    be_kept(page)
    weights = f"/models/{site.manifest['version']}/weights.bin"
    page.evaluate(
        """async (weights) => {
            const script = new URL(document.querySelector("script[type=module]").src).pathname;
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const path of [script, weights])
                    if (await cache.match(path)) await cache.put(path, new Response("broken"));
            }
        }""",
        weights,
    )

    page.reload()
    wait_for_phase(page, "drawing")
    be_kept(page)

    wait_until_told(page, "async (path) => (await (await caches.match(path)).arrayBuffer()).byteLength > 100", weights)
    with without_network(context):
        page.reload()
        wait_for_phase(page, "drawing")
        draw_and_be_guessed(page)


def test_only_the_draw_page_and_its_model_are_answered_for(site: PageSite, context: BrowserContext) -> None:
    """Nothing that is sent, no stream and not the operator's page goes through the service worker."""
    be_kept(open_page(context, site))
    page = context.pages[0]
    kept: list[str] = []
    passed: list[str] = []

    def sort(answer: object) -> None:
        path = httpx.URL(answer.url).path  # type: ignore[attr-defined]
        (kept if answer.from_service_worker else passed).append(path)  # type: ignore[attr-defined]

    page.on("response", sort)
    page.reload()
    wait_for_phase(page, "drawing")
    draw_and_be_guessed(page)
    press_done(page)
    page.goto(f"{site.url}/console.html")

    assert "/" in kept
    assert any(path.startswith("/assets/worker") for path in kept)
    assert any(path.endswith("weights.bin") for path in kept)
    assert {"/api/v1/doodles", "/console.html"} <= set(passed)
    assert [path for path in kept if path.startswith("/api/") and path != "/api/v1/models/live"] == []


def test_the_page_can_be_installed(site: PageSite, context: BrowserContext) -> None:
    """The browser understands the manifest, and every icon it names is as large as it says."""
    page = open_page(context, site)
    session = context.new_cdp_session(page)

    read = session.send("Page.getAppManifest")

    assert read["errors"] == []
    for icon in httpx.get(f"{site.url}/manifest.webmanifest").json()["icons"]:
        answer = httpx.get(site.url + icon["src"])
        assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, icon["type"])
        if icon["type"] == "image/png":
            with Image.open(io.BytesIO(answer.content)) as picture:
                assert "x".join(map(str, picture.size)) == icon["sizes"]
    assert httpx.get(f"{site.url}/sw.js").headers["Cache-Control"] == "no-cache"
