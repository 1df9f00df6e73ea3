"""Windows that people have open, in every size and theme."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from doodle_testing.stack import Stack

PATIENCE_MS = 30_000
"""For the server's answer, on a machine that does other things at the same time."""

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES: dict[str, dict[str, Any]] = {name: {"color_scheme": name} for name in ("light", "dark")}


@contextmanager
def faultless_context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """Open a browser of somebody's own, with Playwright's options for a context; no script in it may fail."""
    context = browser.new_context(**options)
    problems: list[str] = []
    context.on("weberror", lambda problem: problems.append(str(problem.error)))
    yield context
    context.close()
    assert problems == []


def sign_in(browser: Browser, stack: Stack) -> list[Any]:
    """Open a one-time link; give the cookies, for every other window."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(stack.sign_in_link())
    page.locator("[data-version]").first.wait_for()
    cookies = list(context.cookies())
    context.close()
    return cookies


@dataclass(frozen=True)
class Window:
    """A window that an operator has open."""

    page: Page
    url: str

    def open(self, address: str) -> Page:
        """Go to a part of the operator's page."""
        self.page.goto(f"{self.url}/console.html{address}")
        return self.page

    def is_wider_than_the_screen(self) -> bool:
        """Tell whether the page would have to be moved sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def ink_of(page: Page, selector: str) -> int:
    """Count the pixels of a picture that are not paper."""
    script = """canvas => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]
                .filter((value, index) => index % 4 === 3 && value > 0).length"""
    return int(page.locator(selector).first.evaluate(script))
