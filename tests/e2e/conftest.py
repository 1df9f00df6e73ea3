"""A real browser in front of the whole product."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from doodle_testing.chromium import find_chromium, running_chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; where there is none the test is skipped, but never in CI."""
    chromium = find_chromium()
    if chromium is None:
        missing = "needs Chromium: install Debian's package `chromium`"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with running_chromium(chromium) as launched:
        yield launched
