"""Pictures on the page, in a real browser: chosen, dropped, pasted, photographed; found, guessed, stored or refused."""

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FileChooser, Page, Route, expect
from sqlalchemy import create_engine, select

from doodle_db.ink import draw
from doodle_db.tables import doodles
from doodle_testing.builders import LABEL_SET
from doodle_testing.installation import live_version
from doodle_testing.material import Material, recognisable
from doodle_testing.pages import draw_on, keep_screenshot, wait_for_version
from doodle_testing.picture_files import (
    CHALK,
    NIGHT,
    PAPER,
    WHITE,
    Look,
    as_png,
    as_transparent_png,
    as_turned_jpeg,
    as_webp,
    cut_off,
    declare_pixels,
    paint,
)
from doodle_testing.real_drawings import InkStrokes
from doodle_testing.stack import Stack, running_stack
from doodle_testing.windows import PATIENCE_MS, SCHEMES, SIZES, faultless_context
from model_server.photo import find_strokes, read_pixels

pytestmark = pytest.mark.timeout(300)

DIALOG = "dialog#pictures"

PUT = """([target, type, {name, mime, base64}]) => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, {type: mime}));
    const options = {bubbles: true, cancelable: true};
    const event = type === "paste" ? new ClipboardEvent("paste", {...options, clipboardData: carried})
                                   : new DragEvent(type, {...options, dataTransfer: carried});
    document.querySelector(target).dispatchEvent(event);
}"""
"""A file comes from outside the page; a test can have no mouse or clipboard there."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation that nothing is trained in."""
    home = tmp_path_factory.mktemp("pictures") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="100000") as running:
        yield running


@pytest.fixture(scope="module")
def cat() -> InkStrokes:
    """Our own cat, which the shipped version knows in any picture."""
    return recognisable(Material(data_dir=None), "cat")


@pytest.fixture(params=[("desktop", "light")])
def context(request: pytest.FixtureRequest, stack: Stack, browser: Browser) -> Iterator[BrowserContext]:
    """A browser of the size and theme that a test names; no script in it may fail."""
    size, scheme = request.param
    with faultless_context(browser, **SIZES[size], **SCHEMES[scheme], service_workers="block") as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext, stack: Stack) -> Page:
    """The draw page, guessing."""
    opened = context.new_page()
    opened.on("filechooser", be_asked_for_files)
    opened.goto(stack.url)
    wait_for_version(opened, live_version(stack))
    return opened


def be_asked_for_files(_: FileChooser) -> None:
    """Do nothing: a browser that is listened to from the start shows no window of its own, however soon it is asked."""


@pytest.fixture
def large_file(tmp_path: Path) -> Path:
    """One byte more than may be."""
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(20_000_001)
    return path


def put(page: Page, kind: str, content: bytes, name: str = "cat.png", mime: str = "image/png") -> None:
    """Drop or paste a file, or drag it over the sheet."""
    page.evaluate(PUT, ["#pad", kind, {"name": name, "mime": mime, "base64": b64encode(content).decode()}])


def choose(page: Page, content: bytes, name: str = "cat.png", mime: str = "image/png") -> None:
    """Choose a file in the picture window, which is open."""
    with page.expect_file_chooser() as chooser:
        page.locator(DIALOG).get_by_role("button", name="Choose a picture").click()
    chooser.value.set_files({"name": name, "mimeType": mime, "buffer": content})


def expect_guess(page: Page, label: str) -> None:
    """Wait until the picture has been read, and this is what the page sees in it."""
    expect(page.locator(DIALOG)).to_be_hidden(timeout=PATIENCE_MS)
    expect(page.locator("#guesses li").first).to_have_attribute("data-label", label, timeout=PATIENCE_MS)


def stored_strokes(stack: Stack) -> list[InkStrokes]:
    """Give the strokes of every drawing people have sent, the newest first."""
    engine = create_engine(stack.database_url)
    with engine.connect() as connection:
        query = select(doodles.c.strokes).where(doodles.c.source == "user").order_by(doodles.c.created_at.desc())
        rows = list(connection.scalars(query))
    engine.dispose()
    return rows


def test_a_picture_is_found_guessed_and_stored_as_the_strokes_the_server_would_find(
    page: Page, stack: Stack, cat: InkStrokes
) -> None:
    """What is chosen lies on the pad as one step, which can be undone; stored is what Python finds, to the bit."""
    content = as_png(paint(cat, Look(paper=PAPER)))
    draw_on(page, [[[20, 200], [20, 200]]])
    page.locator("#picture").click()
    keep_screenshot(page, "pictures-asking")

    choose(page, content)

    expect_guess(page, "cat")
    expect(page.locator("#pad")).to_be_focused()
    expect(page.locator("#notice")).to_contain_text("Found a drawing of")
    keep_screenshot(page, "pictures-found")
    page.keyboard.press("Control+z")
    expect(page.locator("#undo")).to_be_enabled()
    page.keyboard.press("Control+Shift+z")
    expect_guess(page, "cat")
    page.locator("#done").click()
    expect(page.locator("#result")).to_contain_text(re.compile("stored", re.IGNORECASE))
    expected, _ = draw(find_strokes(read_pixels(content)), LABEL_SET.height, LABEL_SET.width)
    assert stored_strokes(stack) == [expected]


@pytest.mark.parametrize(
    ("make", "name", "mime"),
    [
        (as_transparent_png, "clear.png", "image/png"),
        (lambda cat: as_turned_jpeg(paint(cat, Look(2400, 3200, 26, paper=PAPER))), "photo.jpg", "image/jpeg"),
        (lambda cat: as_webp(paint(cat, Look(ink=CHALK, paper=NIGHT))), "board.webp", "image/webp"),
        (lambda cat: as_png(paint(cat, Look(120, 90, 3))), "tiny.bin", "application/octet-stream"),
    ],
    ids=["transparent", "photographed sideways", "on the dark", "tiny, under another name"],
)
def test_a_cat_is_a_cat_in_any_picture(page: Page, cat: InkStrokes, make: object, name: str, mime: str) -> None:
    """Dropped on the sheet, which shows that it takes it; whatever the file's name says."""
    assert callable(make)
    content = make(cat)
    put(page, "dragover", content, name, mime)
    expect(page.locator(".sheet.dropping")).to_be_visible()
    keep_screenshot(page, "pictures-dropping")

    put(page, "drop", content, name, mime)

    expect_guess(page, "cat")
    expect(page.locator(".sheet.dropping")).to_have_count(0)


def test_a_picture_is_pasted(page: Page, cat: InkStrokes) -> None:
    """As after a screenshot; and on to the next drawing, where no picture is taken before there is one to draw."""
    content = as_png(paint(cat))

    put(page, "paste", content, "image.png")

    expect_guess(page, "cat")
    page.locator("#done").click()
    expect(page.locator("#next")).to_be_visible()
    put(page, "paste", content, "image.png")
    expect(page.locator("#notice")).to_contain_text("next drawing first")
    expect(page.locator(DIALOG)).to_be_hidden()


def test_what_is_no_picture_of_a_drawing_is_refused_in_words(page: Page, cat: InkStrokes, large_file: Path) -> None:
    """It says what is wrong, keeps the drawing on the pad, and takes the next picture."""
    draw_on(page, [[[20, 200], [20, 200]]])
    spoilt = {
        "no picture": b"A letter, and no picture at all, whatever it is called." * 9,
        "empty": b"",
        "damaged": cut_off(as_png(paint(cat))),
        "million pixels": declare_pixels(30_000, 30_000),
        "no drawing": as_png(paint([], Look(paper=WHITE))),
    }
    for words, content in spoilt.items():
        put(page, "drop", content, "cat.png")
        expect(page.locator(DIALOG).get_by_role("alert")).to_contain_text(words, timeout=PATIENCE_MS)
        expect(page.locator(DIALOG).get_by_role("button", name="Choose a picture")).to_be_focused()
    keep_screenshot(page, "pictures-refused")

    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(large_file)
    expect(page.locator(DIALOG).get_by_role("alert")).to_contain_text("20 MB")
    page.keyboard.press("Escape")

    expect(page.locator("#undo")).to_be_enabled()
    expect(page.locator(DIALOG)).to_be_hidden()


def test_reading_can_be_cancelled(page: Page, cat: InkStrokes) -> None:
    """By Escape and by its button, in mid-work; the pad stays, the focus goes back, and the next picture is read."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        """Let the worker wait for its script until the page ends it."""
        held.append(route)

    page.route("**/photo_worker-*.js", hold)
    draw_on(page, [[[20, 200], [20, 200]]])
    for is_by_key in (True, False):
        page.locator("#picture").click()
        choose(page, as_png(paint(cat)))
        expect(page.locator(DIALOG).get_by_role("status")).to_have_text("Reading the picture \u2026")
        expect(page.locator(DIALOG).get_by_role("button", name="Cancel")).to_be_focused()
        keep_screenshot(page, "pictures-reading")
        if is_by_key:
            page.keyboard.press("Escape")
        else:
            page.locator(DIALOG).get_by_role("button", name="Cancel").click()
        expect(page.locator(DIALOG)).to_be_hidden()
        expect(page.locator("#picture")).to_be_focused()
    for route in held:
        route.abort()
    page.unroute("**/photo_worker-*.js")

    put(page, "paste", as_png(paint(cat)), "image.png")

    expect_guess(page, "cat")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator("#undo")).to_be_disabled()


def test_a_keyboard_is_enough(page: Page, cat: InkStrokes) -> None:
    """P, Enter, a file; no key reaches the page behind the window."""
    prompt = page.locator("#prompt").inner_text()
    page.keyboard.press("p")
    expect(page.locator(DIALOG).get_by_role("button", name="Choose a picture")).to_be_focused()
    page.keyboard.press("s")

    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "cat.png", "mimeType": "image/png", "buffer": as_png(paint(cat))})

    expect_guess(page, "cat")
    assert page.locator("#prompt").inner_text() == prompt
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_contain_text(re.compile("stored", re.IGNORECASE))


@pytest.mark.parametrize("context", [("phone", "dark")], indirect=True)
def test_a_phone_takes_a_photo(page: Page, cat: InkStrokes) -> None:
    """It is offered its camera first; nothing is wider than the screen."""
    page.locator("#picture").tap()
    photograph = page.locator(DIALOG).get_by_role("button", name="Take a photo")
    expect(photograph).to_be_focused()
    expect(page.locator(f"{DIALOG} input[capture=environment]")).to_have_attribute("accept", "image/*")
    keep_screenshot(page, "pictures-phone-asking")

    with page.expect_file_chooser() as chooser:
        photograph.tap()
    photo = as_turned_jpeg(paint(cat, Look(1500, 2000, 16, paper=PAPER)))
    chooser.value.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo})

    expect_guess(page, "cat")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    keep_screenshot(page, "pictures-phone-found")
