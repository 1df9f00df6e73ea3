"""A real browser in front of the whole product."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from doodle_testing.chromium import browser_or_skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; where there is none the test is skipped, but never in CI."""
    yield from browser_or_skip()
