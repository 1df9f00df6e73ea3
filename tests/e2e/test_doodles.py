"""The gallery in a real browser: what is there, closer, decided about, as a file, and gone for good."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, create_engine

from doodle_db.contributors import name_contributor
from doodle_db.doodles import Doodle, store_doodles
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.pages import keep_screenshot
from doodle_testing.seeded_console import SeededConsole
from doodle_testing.windows import PATIENCE_MS, Window, ink_of

pytestmark = pytest.mark.timeout(600)

SOMEBODY = bytes(range(100, 116))
NAME = name_contributor(SOMEBODY)
NUM_THEIRS = 14

GALLERY = "#doodles .drawing"


@pytest.fixture(scope="module")
def theirs(installation: SeededConsole) -> list[Doodle]:
    """Drawings of somebody; one in three was taken for something else, the last came as a picture only."""
    drawn = generate_doodles(LABEL_SET, NUM_THEIRS, Random(5))
    named = [
        replace(each, contributor=SOMEBODY, guess="cat" if index % 3 else each.label, confidence=0.71)
        for index, each in enumerate(drawn)
    ]
    named[-1] = replace(named[-1], strokes=None)
    engine: Engine = create_engine(installation.stack.database_url)
    for each in named:
        with engine.begin() as connection:
            store_doodles(connection, [each])
    engine.dispose()
    return named


@pytest.fixture(autouse=True)
def _undecided(installation: SeededConsole, theirs: list[Doodle]) -> Iterator[None]:
    """Every test begins with what nobody has decided about."""
    yield
    installation.forget_decisions()


def open_gallery(window: Window, filters: str = f"&contributor={NAME}") -> Page:
    """Go to the gallery, to somebody's drawings unless told otherwise, and wait for what it shows."""
    page = window.open(f"#doodles{filters}")
    page.locator(GALLERY).first.wait_for()
    return page


def shown(page: Page) -> list[str]:
    ids = page.locator(GALLERY).evaluate_all("cards => cards.map(card => card.dataset.key)")
    return [str(each) for each in ids]


def expect_said(page: Page, words: str) -> None:
    expect(page.locator("#doodles .said-last")).to_have_text(words, timeout=PATIENCE_MS)


def get(installation: SeededConsole, path: str, **query: str) -> dict[str, Any]:
    with installation.stack.operator as client:
        return dict(client.get(f"/api/v1/{path}", params=query).json())


@pytest.mark.parametrize("scheme", ["light"])
@pytest.mark.parametrize("size", ["desktop"])
class TestAtADesk:
    """With a keyboard."""

    def test_one_key_decides_and_another_takes_it_back(
        self, installation: SeededConsole, window: Window, theirs: list[Doodle]
    ) -> None:
        """What is decided about stays where it is, as it is now; the next one is current."""
        page = open_gallery(window)
        first, second = shown(page)[:2]
        assert first == str(theirs[-1].id)

        page.keyboard.press("x")

        expect_said(page, "Rejected 1 drawing.")
        expect(page.locator(GALLERY).first.locator(".status")).to_have_text("rejected")
        expect(page.locator(f"{GALLERY}.current")).to_have_attribute("data-key", second)
        assert get(installation, f"doodles/{first}")["status"] == "rejected"
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press(str(1 + LABEL_SET.names.index("dog")))
        expect(page.locator("#doodles .said-last")).to_contain_text("as dog")
        page.keyboard.press("z")
        page.keyboard.press("z")

        expect(page.locator(f"{GALLERY} .status")).to_have_count(0, timeout=PATIENCE_MS)
        expect(page.locator(f"{GALLERY} .decision")).to_have_count(0)
        assert get(installation, f"doodles/{first}")["status"] == "accepted"
        assert len(get(installation, f"doodles/{first}")["history"]) == 2

    def test_filters_are_addresses(self, window: Window, theirs: list[Doodle]) -> None:
        """Every choice narrows what is shown, and can be gone back from."""
        page = open_gallery(window)
        assert len(shown(page)) == NUM_THEIRS

        page.get_by_label("Wrong guesses only").check()

        page.wait_for_url("**wrong=1**")
        wrong = [str(each.id) for each in reversed(theirs) if each.guess != each.label]
        page.wait_for_function("n => document.querySelectorAll('#doodles .drawing').length === n", arg=len(wrong))
        assert shown(page) == wrong
        page.get_by_label("Guess", exact=True).select_option("dog")
        expect(page.locator("#doodles .empty .narrow")).to_be_visible()
        page.go_back()
        page.locator(GALLERY).first.wait_for()
        page.get_by_label("From", exact=True).fill("2020-01-01")
        page.get_by_label("To", exact=True).fill(datetime.now(UTC).date().isoformat())
        page.get_by_label("To", exact=True).press("Tab")
        page.wait_for_url("**&to=**")
        page.get_by_role("link", name="Show all").first.click()
        page.wait_for_url("**/console.html#doodles")

    def test_a_drawing_is_drawn_again(self, window: Window, theirs: list[Doodle]) -> None:
        """Stroke by stroke, to and fro; at once for those who want no motion; and a picture says that it is one."""
        window.page.emulate_media(reduced_motion="reduce")
        page = open_gallery(window)
        page.keyboard.press("Enter")
        expect(page.locator("dialog.doodle .player")).to_contain_text("without its strokes")
        page.keyboard.press("Escape")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        player = page.locator("dialog.doodle .player")
        strokes = theirs[-2].strokes or []
        expect(player).to_contain_text(f"Stroke {len(strokes)} of {len(strokes)}")
        whole = ink_of(page, "dialog.doodle .replay")

        page.keyboard.press(",")

        expect(player).to_contain_text(f"Stroke {len(strokes) - 1} of {len(strokes)}")
        assert 0 <= ink_of(page, "dialog.doodle .replay") < whole
        page.keyboard.press(".")
        assert ink_of(page, "dialog.doodle .replay") == whole
        page.keyboard.press("p")
        expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=PATIENCE_MS)
        assert ink_of(page, "dialog.doodle .replay") == whole

    def test_what_fits_comes_as_a_file(self, window: Window, theirs: list[Doodle], tmp_path: Path) -> None:
        """Quick, Draw!'s lines, the oldest first; what has no strokes is not in it."""
        page = open_gallery(window)

        with page.expect_download() as download:
            page.get_by_role("link", name="ndjson").click()
        download.value.save_as(tmp_path / "doodles.ndjson")

        lines = [json.loads(line) for line in (tmp_path / "doodles.ndjson").read_text().splitlines()]
        assert [line["key_id"] for line in lines] == [str(each.id) for each in theirs[:-1]]
        assert [line["drawing"] for line in lines] == [each.strokes for each in theirs[:-1]]


@pytest.mark.parametrize("scheme", ["light"])
@pytest.mark.parametrize("size", ["phone"])
def test_a_thumb_decides(installation: SeededConsole, window: Window) -> None:
    """Ticks select, the buttons at the lower edge decide; nothing is wider than the screen."""
    page = open_gallery(window)
    assert not window.is_wider_than_the_screen()
    page.locator("#doodles .tick").nth(0).tap()
    page.locator("#doodles .tick").nth(1).tap()
    expect(page.locator("#doodles .chosen-now")).to_contain_text("2 drawings selected")

    page.locator("#doodles").get_by_role("button", name="Reject").tap()

    expect_said(page, "Rejected 2 drawings.")
    page.locator("#doodles").get_by_role("button", name="Undo").tap()
    expect_said(page, "Took back 2 drawings.")
    page.locator("#doodles").get_by_role("button", name="Look closer").tap()
    expect(page.locator("dialog.doodle .facts")).to_be_visible()
    assert not window.is_wider_than_the_screen()
    keep_screenshot(page, "doodle-phone")


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_the_gallery_shows_what_is_there(window: Window, size: str, scheme: str) -> None:
    """Pictures, labels, guesses; as many as are wanted."""
    page = open_gallery(window, "")

    assert ink_of(page, "#doodles .bitmap") > 0
    assert not window.is_wider_than_the_screen()
    page.keyboard.press("ArrowRight")
    keep_screenshot(page, f"doodles-{size}-{scheme}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=PATIENCE_MS)
    keep_screenshot(page, f"doodle-{size}-{scheme}")


@pytest.mark.parametrize("scheme", ["dark"])
@pytest.mark.parametrize("size", ["desktop"])
def test_z_who_is_erased_is_gone(installation: SeededConsole, window: Window) -> None:
    """Asked with the numbers, and by the name; nothing is left, and nothing tells who it was."""
    page = open_gallery(window)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Erase this contributor").click()
    dialog = page.locator("#reason")
    expect(dialog).to_contain_text(f"{NUM_THEIRS} drawings")
    page.locator("#reason-text").fill("asked for by letter")
    page.locator("#reason-name").fill(NAME)
    keep_screenshot(page, "erase-dialog")

    page.get_by_role("button", name="Erase for good").click()

    expect(page.locator(".erasures")).to_contain_text(f"{NUM_THEIRS} drawings", timeout=PATIENCE_MS)
    expect(page.locator("#doodles .empty .narrow")).to_be_visible(timeout=PATIENCE_MS)
    keep_screenshot(page, "erased")
    with installation.stack.operator as client:
        assert client.get(f"/api/v1/contributors/{NAME}").status_code == 404
    (erasure,) = get(installation, "erasures")["erasures"]
    assert (erasure["num_doodles"], erasure["reason"]) == (NUM_THEIRS, "asked for by letter")
