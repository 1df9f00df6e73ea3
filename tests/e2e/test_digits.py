"""Another label set than the usual one, from the first start on: draw what the page asks for, and it is guessed."""

import re
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, expect

from doodle_db.label_sets import load_label_set
from doodle_testing.digits import DIGITS
from doodle_testing.drawings import Stroke, write_again
from doodle_testing.installation import live_version
from doodle_testing.pages import draw_on, wait_for_version
from doodle_testing.real_drawings import InkStrokes
from doodle_testing.stack import running_stack

PAD_PX = 300


def test_digits_are_read_without_any_preparation(browser: Browser, tmp_path: Path) -> None:
    """`LABEL_SET=digits` and nothing else: the shipped version is live, the page asks for digits and reads them."""
    label_set = load_label_set("digits")
    with running_stack(tmp_path / "home", LABEL_SET="digits", DOODLE_DATA_DIR="") as stack:
        page = browser.new_page()
        page.goto(stack.url)
        wait_for_version(page, live_version(stack))
        asked = page.locator("#prompt").text_content() or ""
        (label,) = [each for each in label_set.labels if each.prompt in asked]

        draw_on(page, as_ink(write_again(DIGITS[label.name][0], Random(1))))

        expect(page.locator("#guesses li[data-label]").first).to_have_attribute("data-label", label.name)
        page.locator("#done").click()
        expect(page.locator("#result")).to_contain_text(re.compile("stored", re.IGNORECASE))
        with stack.client as client:
            assert client.get("/api/v1/stats").json()["labels"][label.name] == 1
        page.close()


def as_ink(strokes: list[Stroke]) -> InkStrokes:
    """Write pad coordinates as whole numbers from 0 to 255, which draw_on replays."""
    return [[[round(point[axis] * 255 / PAD_PX) for point in stroke] for axis in (0, 1)] for stroke in strokes]
