"""Everybody can use the pages: no barrier that axe-core finds, by keyboard alone, in one hand, at any size."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from doodle_testing.barriers import (
    find_faint_words,
    find_small_targets,
    find_violations,
    focused_element,
    needs_sideways_scrolling,
)
from doodle_testing.draw_page import NUM_DRAWINGS, draw_and_finish, draw_something, open_draw_page
from doodle_testing.material import Material, recognisable
from doodle_testing.pages import draw_on, keep_screenshot, prompt_for
from doodle_testing.seeded_console import SeededConsole
from doodle_testing.windows import DESKTOP, PHONE, SCHEMES, faultless_context

pytestmark = pytest.mark.timeout(300)

DOODLES = "**/api/v1/doodles"

ENGLISH, GERMAN = {"locale": "en-GB"}, {"locale": "de-DE"}
NARROW: ViewportSize = {"width": 320, "height": 640}
"""What 1280 px are at a zoom of 400 %. Source: WCAG 2.1, success criterion 1.4.10."""

DESKTOP_ENGLISH: dict[str, Any] = {**DESKTOP, **ENGLISH}
PHONE_ENGLISH: dict[str, Any] = {**PHONE, **ENGLISH}
PHONE_GERMAN: dict[str, Any] = {**PHONE, **GERMAN}

VIEWS = ("desk", "runs", "searches", "models", "workers", "production", "drift", "doodles", "labels", "review")


@pytest.fixture(scope="module")
def url(installation: SeededConsole) -> str:
    """One installation for the whole file."""
    return installation.stack.url


@pytest.fixture
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A browser of the kind a test names; no script in it may fail."""
    with faultless_context(browser, **getattr(request, "param", DESKTOP_ENGLISH)) as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    """The draw page, ready to be drawn on."""
    opened = context.new_page()
    open_draw_page(opened, url)
    return opened


def in_window(**windows: dict[str, Any]) -> pytest.MarkDecorator:
    """Run a test in these windows."""
    return pytest.mark.parametrize("context", list(windows.values()), ids=list(windows), indirect=True)


def states_of(page: Page, url: str) -> Iterator[str]:
    """Lead the draw page through every state there is; gives the name of each while the page is in it."""
    page.route("**/api/v1/models/live", lambda route: route.abort())
    page.goto(url)
    page.locator("#prompt").filter(has_text=re.compile("server|Server")).wait_for()
    yield "no server"
    page.unroute("**/api/v1/models/live")
    open_draw_page(page, url)
    yield "an empty sheet"
    draw_something(page)
    yield "a drawing"
    yield from dialogs_of(page)
    page.locator("#done").click()
    page.locator('.stage[data-phase="done"]').wait_for()
    yield "a result"
    page.route(DOODLES, lambda route: route.abort())
    for _ in range(NUM_DRAWINGS - 1):
        page.locator("#next").click()
        draw_and_finish(page)
    page.locator("#outbox").wait_for()
    page.locator("#next").click()
    page.locator("#round .card").first.wait_for()
    page.locator("#round .others .body :not(:empty)").first.wait_for()
    yield "a round, and drawings that wait"
    page.unroute(DOODLES)
    page.goto(f"{url}/#free")
    page.locator('.stage[data-mode="free"][data-phase="drawing"]').wait_for()
    draw_something(page)
    page.locator("#done").click()
    page.locator("#none-of-these").wait_for()
    yield "a drawing without a name"


def dialogs_of(page: Page) -> Iterator[str]:
    """Open every dialog, one after the other; gives the name of each while it is open."""
    for opener, dialog in (("#open-settings", "#settings"), ("#picture", "#pictures"), ("#open-keys", "#keys")):
        if not page.locator(opener).is_visible():
            continue
        page.locator(opener).click()
        page.locator(f"{dialog}[open]").wait_for()
        yield dialog
        page.keyboard.press("Escape")
        page.locator(dialog).wait_for(state="hidden")


@in_window(desktop=DESKTOP_ENGLISH, phone=PHONE_GERMAN)
def test_no_state_of_the_draw_page_has_a_barrier(context: BrowserContext, url: str) -> None:
    """In any phase or dialog axe-core finds nothing, in the light and in the dark; a finger hits everything."""
    page = context.new_page()
    has_touch = page.evaluate("navigator.maxTouchPoints > 0")

    for state in states_of(page, url):
        assert (state, find_faint_words(page, "dark")) == (state, [])
        page.emulate_media(color_scheme="light")
        assert (state, find_violations(page)) == (state, [])
        assert not needs_sideways_scrolling(page), state
        if has_touch:
            assert (state, find_misfits(page)) == (state, [])


def find_misfits(page: Page) -> list[str]:
    """List what is too small for a finger, or lies outside, at 320 px; the window is then as it was."""
    usual = page.viewport_size
    assert usual is not None
    page.set_viewport_size(NARROW)
    outside = ["the page is wider than its window"] if needs_sideways_scrolling(page) else []
    found = find_small_targets(page) + outside
    page.set_viewport_size(usual)
    return found


def draw_by_keys(page: Page) -> None:
    """Draw a stroke with the arrow keys."""
    for key, times in (("ArrowLeft", 1), ("Space", 1), ("Shift+ArrowDown", 3), ("Shift+ArrowRight", 3), ("Space", 1)):
        for _ in range(times):
            page.keyboard.press(key)
    expect(page.locator("#done")).to_be_enabled()


def tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until the element has the focus."""
    wanted = page.locator(selector)
    for _ in range(30):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def tab_through(page: Page, times: int) -> list[dict[str, Any]]:
    """Press Tab so often; tells what had the focus each time."""
    seen = []
    for _ in range(times):
        page.keyboard.press("Tab")
        seen.append(focused_element(page))
    return seen


def test_a_whole_round_by_keyboard(page: Page) -> None:
    """From the first stroke to the next round without a mouse; where the focus is can be seen, and is never lost."""
    tab_to(page, "#pad")
    for _ in range(NUM_DRAWINGS):
        draw_by_keys(page)
        page.keyboard.press("Enter")
        page.locator('.stage[data-phase="done"]').wait_for()
        assert focused_element(page)["name"] == "next"
        page.keyboard.press("Enter")

    page.locator('.stage[data-phase="round"]').wait_for()
    assert focused_element(page)["name"] == "prompt"
    page.keyboard.press("Enter")
    page.locator('.stage[data-phase="drawing"]').wait_for()
    assert focused_element(page)["name"] == "pad"


def test_where_the_focus_is_can_be_seen(page: Page) -> None:
    """Everything that Tab leads to has a line around it, at least two pixels wide, in the page and in the settings."""
    draw_something(page)
    seen = tab_through(page, 24)
    tab_to(page, "#open-settings")
    page.keyboard.press("Enter")
    page.locator("#settings[open]").wait_for()
    seen += tab_through(page, 9)

    names = {each["name"] for each in seen}
    assert {"pad", "undo", "done", "open-settings", "has-timer", "is-storing"} <= names
    assert [each for each in seen if each["outline"] < 2 and each["tag"] != "BODY"] == []
    page.keyboard.press("Escape")
    assert focused_element(page)["name"] == "open-settings"


def test_a_language_is_chosen_in_place_and_stays(page: Page) -> None:
    """The page speaks the other language at once, the drawing in progress stays, and so does the choice."""
    draw_something(page)
    label = str(page.locator("#prompt").get_attribute("data-label"))
    page.locator("#open-settings").click()

    page.get_by_role("radio", name="Deutsch").check()

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#settings-title")).to_have_text("Einstellungen")
    page.keyboard.press("Escape")
    expect(page.locator("#prompt")).to_contain_text("Zeichne")
    expect(page.locator("#prompt")).to_have_attribute("data-label", label)
    expect(page.locator("#undo")).to_be_enabled()
    expect(page.locator("#undo")).to_have_accessible_name(re.compile("^Zurück"))
    page.reload()
    expect(page.locator("#prompt")).to_contain_text("Zeichne")
    page.locator("#open-settings").click()
    page.get_by_role("radio", name="English").check()
    page.keyboard.press("Escape")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#prompt")).to_contain_text("Draw")


@in_window(phone=PHONE_GERMAN)
def test_a_browsers_language_is_spoken_from_the_start(page: Page) -> None:
    """Who asks for German is not asked to choose it."""
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#done")).to_contain_text("Fertig")
    expect(page.locator("#pad")).to_have_accessible_name(re.compile("^Zeichenblatt"))


@in_window(phone={**PHONE_ENGLISH, **SCHEMES["dark"], "device_scale_factor": 2})
@pytest.mark.parametrize("hand", ["left", "right"])
def test_the_tools_are_under_the_thumb(page: Page, hand: str, material: Material) -> None:
    """On a phone the tools lie along the lower edge, what is pressed most on the side of the hand that draws."""
    page.locator("#open-settings").click()
    page.locator(f'input[name="hand"][value="{hand}"]').check()
    page.keyboard.press("Escape")

    height, width = page.evaluate("[innerHeight, innerWidth]")
    boxes = {each: page.locator(f"#{each}").bounding_box() for each in ("undo", "done")}

    undo, done = boxes["undo"], boxes["done"]
    assert undo is not None
    assert done is not None
    assert min(undo["y"], done["y"]) > height * 0.85
    assert (done["x"] > undo["x"]) == (hand == "right")
    assert done["x"] + done["width"] > width - 20 if hand == "right" else done["x"] < 20
    expect(page.locator("#pad")).to_be_in_viewport(ratio=1)
    prompt_for(page, "cat")
    draw_on(page, recognisable(material, "cat"))
    expect(page.locator("#guesses li").first).to_have_attribute("data-label", "cat")
    keep_screenshot(page, "draw-phone")


@in_window(reduced_motion={**PHONE_ENGLISH, "reduced_motion": "reduce"})
def test_nothing_moves_for_those_who_want_no_motion(page: Page) -> None:
    """No transition takes time, and the only animation, the timer's, goes in steps."""
    draw_and_finish(page)
    page.locator("#open-settings").click()
    page.locator("#settings[open]").wait_for()

    moving = page.evaluate("""() => document.getAnimations()
        .filter(each => each.effect.getComputedTiming().duration > 10)
        .filter(each => !each.effect.getKeyframes().some(frame => frame.easing.startsWith("steps"))
                     && !getComputedStyle(each.effect.target).animationTimingFunction.startsWith("steps"))
        .map(each => each.animationName ?? each.transitionProperty)""")

    assert moving == []


@in_window(forced_colours={**DESKTOP_ENGLISH, "forced_colors": "active"})
def test_the_readers_own_colours_are_enough(page: Page) -> None:
    """Where the browser paints all in the reader's colours, bars and the chosen label can still be told apart."""
    draw_something(page)
    filled = page.locator("#guesses .filled").first
    colours = filled.evaluate(
        "element => [element, element.parentElement].map(each => getComputedStyle(each).backgroundColor)"
    )
    assert colours[0] != colours[1]
    page.locator("#done").click()

    chosen = page.locator('.choice[aria-pressed="true"]')
    other = page.locator('.choice[aria-pressed="false"]').first

    width = "element => parseFloat(getComputedStyle(element).borderTopWidth)"
    assert chosen.evaluate(width) > other.evaluate(width)


def test_no_view_of_the_operators_page_has_a_barrier(
    context: BrowserContext, installation: SeededConsole, signed_in: list[Any]
) -> None:
    """Before signing in, and in every view afterwards, on a desk and on a phone, in the light and in the dark."""
    page, base = context.new_page(), f"{installation.stack.url}/console.html"
    page.goto(base)
    page.locator("#sign-in").wait_for()
    assert find_violations(page) == []
    context.add_cookies(signed_in)
    page.reload()
    for view in (*VIEWS, f"report={installation.report['run']}"):
        page.set_viewport_size(DESKTOP["viewport"])
        page.goto(f"{base}#{view}")
        page.locator(f"#{view.partition('=')[0]} h1").wait_for()
        be_filled(page)
        assert (view, find_violations(page)) == (view, [])
        page.set_viewport_size(PHONE["viewport"])
        assert (view, find_faint_words(page, "dark")) == (view, [])
        page.emulate_media(color_scheme="light")


def be_filled(page: Page) -> None:
    """Wait until nothing has come from the server for a while: what a view shows first is hardly anything."""
    page.wait_for_function(
        """() => {
            const before = window.numLoaded;
            window.numLoaded = performance.getEntriesByType("resource").length;
            return window.numLoaded === before;
        }""",
        polling=700,
    )


def test_our_part_of_the_api_page_has_no_barrier(context: BrowserContext, url: str) -> None:
    """What stands around Swagger UI, which is somebody else's markup."""
    page = context.new_page()
    page.goto(f"{url}/api/docs")
    page.locator(".opblock").first.wait_for()

    assert find_violations(page, exclude=(".swagger-ui",)) == []
