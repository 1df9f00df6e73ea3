"""What people do on the pages, done by a browser."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from doodle_testing.builders import LABEL_SET
from doodle_testing.real_drawings import InkStrokes

SCREENSHOTS = os.environ.get("DOODLE_SCREENSHOTS")
"""A folder for pictures to look at."""


def keep_screenshot(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture, when asked to by DOODLE_SCREENSHOTS."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=whole)


def draw_on(page: Page, strokes: InkStrokes) -> None:
    """Replay strokes on the pad with the mouse, inside a margin."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    scale = 0.8 * min(box["width"], box["height"]) / 255
    left, top = box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1
    for xs, ys in strokes:
        points = [(left + x * scale, top + y * scale) for x, y in zip(xs, ys, strict=True)]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=2)
        page.mouse.up()


def wait_for_version(page: Page, version: str, *, timeout_ms: int = 15_000) -> None:
    """Wait until the page says that it guesses with this version."""
    expect(page.locator("#model-version")).to_contain_text(version, timeout=timeout_ms)


def prompt_for(page: Page, label: str) -> None:
    """Skip prompts until the page asks for this label."""
    for _ in range(60):
        if LABEL_SET.labels[LABEL_SET.names.index(label)].prompt in (page.locator("#prompt").text_content() or ""):
            return
        page.locator("#skip").click()
    raise AssertionError(f"the page never asked for a {label}")
