"""A real browser in front of the whole product."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from doodle_testing.chromium import browser_or_skip
from doodle_testing.material import Material
from doodle_testing.seeded_console import SeededConsole, running_console
from doodle_testing.stack import Stack, running_stack
from doodle_testing.windows import SCHEMES, SIZES, Window, faultless_context, sign_in


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; where there is none the test is skipped, but never in CI."""
    yield from browser_or_skip()


@pytest.fixture(scope="session")
def material() -> Material:
    """Real drawings where there are any, our own in any fresh clone."""
    return Material.at_hand()


@pytest.fixture
def data_settings(tmp_path: Path, material: Material) -> dict[str, str]:
    """What an installation is told, so that it has its base data."""
    return {"DOODLE_DATA_DIR": str(material.base_data(tmp_path / "data"))}


@pytest.fixture
def delta_min_doodles() -> int:
    """So many new doodles start a run; where only an operator is to start one, a file of tests says more."""
    return 200


@pytest.fixture
def stack(tmp_path: Path, data_settings: dict[str, str], delta_min_doodles: int) -> Iterator[Stack]:
    """A new installation with its base data."""
    with running_stack(tmp_path / "home", **data_settings, DELTA_MIN_DOODLES=str(delta_min_doodles)) as running:
        yield running


@pytest.fixture(scope="module")
def cookies(stack: Stack, browser: Browser) -> list[Any]:
    """Of an operator who has signed in; for files of tests that have one stack for all of them."""
    return sign_in(browser, stack)


@pytest.fixture
def context(request: pytest.FixtureRequest, cookies: list[Any], browser: Browser) -> Iterator[BrowserContext]:
    """A browser of theirs, of the size and theme that a test names; no script in it may fail."""
    size, scheme = getattr(request, "param", ("desktop", "light"))
    with faultless_context(browser, **SIZES[size], **SCHEMES[scheme]) as opened:
        opened.add_cookies(cookies)
        yield opened


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededConsole]:
    """A run with its report, and drawings that were left out."""
    with running_console(tmp_path_factory.mktemp("console") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(installation: SeededConsole, browser: Browser) -> list[Any]:
    """The cookies of its operator."""
    return sign_in(browser, installation.stack)


@pytest.fixture(params=list(SCHEMES))
def scheme(request: pytest.FixtureRequest) -> str:
    """Both themes."""
    return str(request.param)


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """A desk and a hand."""
    return str(request.param)


@pytest.fixture
def window(
    installation: SeededConsole, signed_in: list[Any], browser: Browser, size: str, scheme: str
) -> Iterator[Window]:
    """A window of that size and theme; nothing in it may break."""
    with faultless_context(browser, **SIZES[size], **SCHEMES[scheme]) as opened:
        opened.add_cookies(signed_in)
        yield Window(opened.new_page(), installation.stack.url)
    installation.forget_decisions()
