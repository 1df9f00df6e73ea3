"""How drawing feels: with a mouse, a finger, a pen and the hand that holds it, and with keys alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from doodle_testing.hands import (
    INK,
    TOUCH,
    draw_with_finger,
    draw_with_mouse,
    ink_on,
    press_pen,
    stroke_of,
    touch_pad,
    wait_for_ink,
)
from doodle_testing.page_site import PageSite, running_page_site
from doodle_testing.pages import keep_screenshot, wait_for_version
from doodle_testing.windows import DESKTOP, PHONE, faultless_context

ACROSS = [(0.2 + 0.05 * step, 0.5) for step in range(13)]
DOWN = [(0.5, 0.2 + 0.05 * step) for step in range(13)]
CORNER = [(0.2, 0.2), (0.3, 0.2)]
PEN: dict[str, Any] = {"pointerType": "pen", "pointerId": 9}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageSite]:
    """The pages and a model, without a database."""
    with running_page_site(tmp_path_factory.mktemp("site")) as running:
        yield running


def open_page(browser: Browser, site: PageSite, window: dict[str, Any]) -> Iterator[Page]:
    """A page that is ready to be drawn on; no script in it may fail."""
    with faultless_context(browser, **window) as context:
        page = context.new_page()
        page.goto(site.url)
        wait_for_version(page, site.manifest["version"])
        yield page


@pytest.fixture
def page(browser: Browser, site: PageSite) -> Iterator[Page]:
    """On a desk."""
    yield from open_page(browser, site, DESKTOP)


@pytest.fixture
def phone(browser: Browser, site: PageSite) -> Iterator[Page]:
    """In a hand."""
    yield from open_page(browser, site, PHONE)


def stored_by(page: Page, site: PageSite) -> dict[str, Any]:
    """Say that the drawing is done, and give what the page sent."""
    page.locator("#done").click()
    expect(page.locator("#result")).to_be_visible()
    return site.service.stored[-1]


def test_ink_is_there_before_the_next_frame(page: Page) -> None:
    """A point is painted by the very event that tells of it, not some frames later."""
    script = f"""pad => {{
      const ink = {INK};
      const frame = pad.getBoundingClientRect();
      const before = ink(document.querySelector(".wet-ink"));
      const kind = (step) => step ? "pointermove" : "pointerdown";
      for (let step = 0; step < 9; step += 1) pad.dispatchEvent(new PointerEvent(kind(step), {{
        pointerId: 7, pointerType: "mouse", bubbles: true, button: step ? -1 : 0, buttons: 1,
        clientX: frame.left + 50 + 30 * step, clientY: frame.top + 90,
      }}));
      return [before, ink(document.querySelector(".wet-ink"))];
    }}"""
    before, after = page.locator("#pad").evaluate(script)

    assert before == 0
    assert after > 0


def test_a_touch_is_a_dot(page: Page) -> None:
    """A pen that comes down and goes up in one place leaves a mark."""
    touch_pad(page, stroke_of([(0.5, 0.5)]))

    assert ink_on(page) == pytest.approx(0.014**2 * 3.14 / 4, rel=0.2)


def test_what_is_painted_piece_by_piece_looks_like_the_whole(page: Page) -> None:
    """Ink painted point by point is the same as when all is painted anew, as after a change of the window's size."""
    draw_with_mouse(page, ACROSS)
    press_pen(page, DOWN, [0.1 + 0.07 * step for step in range(13)])
    ink = ink_on(page)
    page.set_viewport_size({"width": 1000, "height": 700})
    page.set_viewport_size({"width": 1280, "height": 860})

    wait_for_ink(page, ink)
    assert ink > 0.01


def test_what_is_expected_of_the_pen_is_for_the_eye_and_taken_back(page: Page, site: PageSite) -> None:
    """Predicted points are shown at once, gone when the pen does not go there, and neither seen nor stored."""
    *drawn, lifted = stroke_of(ACROSS, **PEN)
    expecting = {**drawn[-1], "predicted": [(0.9, 0.9)]}
    wet_ink = f"({INK})(document.querySelector('.wet-ink'))"
    show = f"(pad, events) => {{ ({TOUCH})(pad, events); return {wet_ink}; }}"
    sure = page.locator("#pad").evaluate(show, drawn)
    shown = page.locator("#pad").evaluate(show, [expecting])
    three_frames = "async () => { for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame); return %s; }"
    rested = page.evaluate(three_frames % wet_ink)
    touch_pad(page, [lifted])

    assert shown > 1.4 * sure
    assert rested < 1.1 * sure
    assert stored_by(page, site)["strokes"] == [[[0, 255], [0, 0]]]


def test_pressure_is_for_the_eye_only(page: Page, site: PageSite) -> None:
    """A pen that presses writes wider; what is seen and stored is what a mouse would have drawn."""
    draw_with_mouse(page, ACROSS)
    thin, by_mouse = ink_on(page), stored_by(page, site)
    page.locator("#next").click()
    press_pen(page, ACROSS, [1.0] * len(ACROSS))
    thick, by_pen = ink_on(page), stored_by(page, site)

    assert thick > 1.2 * thin
    assert (by_pen["bitmap"], by_pen["strokes"]) == (by_mouse["bitmap"], by_mouse["strokes"])


def test_a_hand_beside_a_pen_draws_nothing(page: Page) -> None:
    """While a pen is about, touches are a palm at rest: with the pen down, lifted, and only near."""
    down, *moves, up = stroke_of(ACROSS, **PEN)
    touch_pad(page, [down, *stroke_of(DOWN), *moves, up, *stroke_of(DOWN)])
    page.locator("#undo").click()
    expect(page.locator("#undo")).to_be_disabled()

    touch_pad(page, [{"type": "pointermove", "at": (0.5, 0.5), "buttons": 0, **PEN}, *stroke_of(DOWN)])
    expect(page.locator("#undo")).to_be_disabled()


def test_a_broad_contact_and_a_second_finger_draw_nothing(page: Page) -> None:
    """A palm is broader than a fingertip, at once or a moment later; a second finger never joins in."""
    touch_pad(page, stroke_of(DOWN, width=90, height=60))
    expect(page.locator("#undo")).to_be_disabled()

    touch_pad(page, [*stroke_of(DOWN)[:4], {"type": "pointermove", "at": DOWN[4], "width": 95}, *stroke_of(DOWN)[5:]])
    expect(page.locator("#undo")).to_be_disabled()

    touch_pad(page, [*stroke_of(ACROSS)[:4], *stroke_of(DOWN, pointerId=8), *stroke_of(ACROSS)[4:]])
    page.locator("#undo").click()
    expect(page.locator("#clear")).to_be_disabled()


def test_a_hand_that_came_just_before_its_pen_is_taken_back(page: Page) -> None:
    """Whether it still lies there or is lifted already: what it drew is gone, and cannot be redone."""
    for hand in (stroke_of(DOWN)[:-1], stroke_of(DOWN)):
        touch_pad(page, [*hand, *stroke_of(ACROSS, **PEN)])
        page.locator("#undo").click()
        expect(page.locator("#undo")).to_be_disabled()
        page.reload()
        expect(page.locator("#prompt em")).to_be_visible()


def test_the_eraser_takes_whole_strokes(page: Page) -> None:
    """One contact is one step, by the tool or by a pen's tail; what it took comes back."""
    draw_with_mouse(page, ACROSS)
    draw_with_mouse(page, CORNER)
    both = ink_on(page)
    eraser = page.locator("#eraser")
    page.keyboard.press("e")
    expect(eraser).to_have_attribute("aria-pressed", "true")
    draw_with_mouse(page, DOWN)
    wait_for_ink(page, 0.1 * both + 0.001)
    keep_screenshot(page, "eraser")
    page.keyboard.press("Control+z")
    wait_for_ink(page, both)
    eraser.click()
    expect(eraser).to_have_attribute("aria-pressed", "false")

    touch_pad(page, stroke_of(DOWN, pointerType="pen", button=5, buttons=32))
    page.locator("#clear").click()
    page.locator("#undo").click()
    page.locator("#undo").click()
    wait_for_ink(page, both)


def test_a_fresh_sheet_comes_with_a_pen(page: Page) -> None:
    """Nobody has to remember that the eraser was the last tool of the drawing before."""
    draw_with_mouse(page, ACROSS)
    page.locator("#eraser").click()
    page.locator("#skip").click()

    expect(page.locator("#eraser")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#eraser")).to_be_disabled()


def test_every_tool_has_a_key(page: Page) -> None:
    """Undo, redo, clear, skip and the way to the pad, without a mouse."""
    prompt = page.locator("#prompt").text_content() or ""
    draw_with_mouse(page, ACROSS)
    ink = ink_on(page)
    for key, share in (("Control+z", 0), ("Control+y", ink), ("Delete", 0), ("Control+z", ink), ("Control+z", 0)):
        page.keyboard.press(key)
        wait_for_ink(page, share)
    page.keyboard.press("Control+Shift+Z")
    wait_for_ink(page, ink)
    page.keyboard.press("s")
    expect(page.locator("#prompt")).not_to_have_text(prompt)
    page.locator("#skip").focus()
    page.keyboard.press("d")
    expect(page.locator("#pad")).to_be_focused()


def test_a_drawing_by_keys_alone(page: Page, site: PageSite) -> None:
    """From the address line to the stored drawing and on to the next, with a pen that is seen and heard."""
    for _ in range(30):
        if page.evaluate("document.activeElement.id") == "pad":
            break
        page.keyboard.press("Tab")
    pen, words = page.locator(".key-pen"), page.locator("#pen-words")
    expect(pen).to_be_visible()
    expect(page.locator("#pad-keys")).to_be_visible()
    keep_screenshot(page, "keys-begin")
    for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", " "):
        page.keyboard.press(key)
    expect(words).to_have_text("Pen down: 30 percent across, 50 percent down.")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.down("ArrowRight")
    for _ in range(6):
        page.keyboard.press("ArrowUp")
    page.keyboard.up("ArrowRight")
    page.keyboard.press(" ")
    expect(words).to_have_text("Pen up: 88 percent across, 35 percent down.")
    keep_screenshot(page, "keys-drawn")
    page.keyboard.press("Escape")
    expect(pen).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_visible()
    (strokes,) = site.service.stored[-1]["strokes"]

    assert strokes[0][0] == 0
    assert strokes[1][-1] == 0
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_hidden()
    expect(page.locator("#pad")).to_be_focused()
    expect(pen).to_be_visible()
    page.keyboard.press("Tab")
    draw_with_mouse(page, DOWN)
    expect(pen).to_be_hidden()


def test_the_keys_are_told(page: Page) -> None:
    """A question mark or a button lists them; Escape leads back. Who wants no single letters has none."""
    prompt = page.locator("#prompt").text_content() or ""
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys")).to_contain_text("Arrow keys")
    keep_screenshot(page, "keys")
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("#open-keys").click()
    page.locator("#keys button").click()
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("#prompt")).to_have_text(prompt)

    page.evaluate("localStorage.setItem('doodle-loop.preferences', '{\"hasLetterKeys\": false}')")
    page.reload()
    expect(page.locator("#prompt em")).to_be_visible()
    draw_with_mouse(page, ACROSS)
    page.keyboard.press("e")
    page.keyboard.press("?")
    expect(page.locator("#eraser")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#keys")).to_have_count(0)


def test_a_finger_draws_on_a_phone(phone: Page, site: PageSite) -> None:
    """The page stays where it is under the finger, and keeps what it drew."""
    draw_with_finger(phone, DOWN)
    draw_with_finger(phone, ACROSS)
    keep_screenshot(phone, "finger")

    assert phone.evaluate("scrollY") == 0
    assert ink_on(phone) > 0.01
    assert len(stored_by(phone, site)["strokes"]) == 2
