"""A real Chromium, without a screen."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from doodle_testing.missing import skip_or_fail

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""A browser that asks nobody but us: the machine that runs the tests may have no other network."""


def find_chromium() -> str | None:
    """Find an installed Chromium or Chrome."""
    return shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def running_chromium(path: str) -> Iterator[Browser]:
    """Run a browser until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def browser_or_skip() -> Iterator[Browser]:
    """Run a browser for a fixture; where there is none the test is skipped, but never in CI."""
    chromium = find_chromium()
    if chromium is None:
        missing = "needs Chromium: install Debian's package `chromium`"
        skip_or_fail(missing)
    with running_chromium(chromium) as launched:
        yield launched
