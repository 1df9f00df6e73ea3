"""What somebody does on the draw page, in a browser."""

from playwright.sync_api import Page, expect

from doodle_testing.pages import draw_on
from doodle_testing.real_drawings import InkStrokes

NUM_DRAWINGS = 5
"""In a round."""

FACE: InkStrokes = [
    [[40, 25, 70, 180, 225, 215, 128, 40], [130, 20, 60, 60, 20, 130, 245, 130]],
    [[90, 96], [120, 124]],
    [[160, 166], [120, 124]],
]
"""A face with ears: something to draw, of which no test asks what it is taken for."""


def open_draw_page(page: Page, url: str) -> None:
    """Open the page, and wait until there is something to draw and a model that guesses."""
    page.goto(url)
    page.locator('.stage[data-phase="drawing"]').wait_for()
    expect(page.locator("#backend")).not_to_be_empty()


def draw_something(page: Page) -> None:
    """Draw, with the mouse, and wait for a guess."""
    draw_on(page, FACE)
    expect(page.locator("#guesses li").first).to_be_visible()


def finish_drawing(page: Page) -> None:
    """Press Done, and wait for what came of it."""
    page.locator("#done").click()
    page.locator('.stage[data-phase="done"]').wait_for()


def draw_and_finish(page: Page) -> None:
    """Draw, and press Done."""
    draw_something(page)
    finish_drawing(page)


def play_round(page: Page) -> None:
    """Draw all that a round asks for, and look at the round's page."""
    for _ in range(NUM_DRAWINGS):
        draw_and_finish(page)
        page.locator("#next").click()
    page.locator('.stage[data-phase="round"]').wait_for()


def open_settings(page: Page) -> None:
    """Open the settings."""
    page.locator("#open-settings").click()
    page.locator("#settings[open]").wait_for()


def choose_not_to_store(page: Page) -> None:
    """Turn the switch off in the settings, and close them."""
    open_settings(page)
    page.locator("#is-storing").uncheck()
    page.keyboard.press("Escape")
