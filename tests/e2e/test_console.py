"""The operator's page in a real browser: a run's report, and the review of what runs have left out."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import create_engine

from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import post_all
from doodle_testing.seeded_console import leave_report, screen_out
from doodle_testing.stack import Stack, running_stack

SCREENSHOTS = os.environ.get("DOODLE_SCREENSHOTS")
NUM_LEFT_OUT = 150
"""More than two pages."""

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES: dict[str, dict[str, Any]] = {name: {"color_scheme": name} for name in ("light", "dark")}

pytestmark = pytest.mark.timeout(600)


@dataclass
class Installation:
    """
    A stack, and what was put there.

    Attributes:
        stack: runs; no worker has anything to do.
        report: of the one run.
        cookies: of an operator who has signed in.
    """

    stack: Stack
    report: dict[str, Any]
    cookies: list[Any] = field(default_factory=list)

    def list_reviews(self, state: str = "open") -> dict[str, Any]:
        """Ask what the server says."""
        with self.stack.operator as client:
            return dict(client.get("/api/v1/reviews", params={"state": state, "limit": 100}).json())

    def num_waiting(self) -> int:
        """Count what waits for a review."""
        return sum(self.list_reviews()["counts"].values())


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Installation]:
    """A run with its report, and drawings that were left out."""
    home = tmp_path_factory.mktemp("console") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="100000") as stack:
        drawn = generate_doodles(LABEL_SET, NUM_LEFT_OUT, Random(11))
        post_all(stack, drawn)
        engine = create_engine(stack.database_url)
        report = leave_report(engine)
        screen_out(engine, UUID(report["run"]), drawn)
        engine.dispose()
        yield Installation(stack, report, sign_in(browser, stack))


def sign_in(browser: Browser, stack: Stack) -> list[Any]:
    """Open a one-time link; give the cookies, for every other window."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(stack.sign_in_link())
    page.locator("[data-version]").first.wait_for()
    cookies = list(context.cookies())
    context.close()
    return cookies


@dataclass
class Window:
    """A window that an operator has open, and the script errors in it."""

    page: Page
    url: str
    problems: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Go to a part of the operator's page."""
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(f"{self.url}/console.html{address}")
        return self.page

    def is_wider_than_the_screen(self) -> bool:
        """Tell whether the page would have to be moved sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.fixture(params=list(SCHEMES))
def scheme(request: pytest.FixtureRequest) -> str:
    """Both themes."""
    return str(request.param)


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """A desk and a hand."""
    return str(request.param)


@pytest.fixture
def window(installation: Installation, browser: Browser, size: str, scheme: str) -> Iterator[Window]:
    """A window of that size and theme; nothing in it may break."""
    context: BrowserContext = browser.new_context(**SIZES[size], **SCHEMES[scheme])
    context.add_cookies(installation.cookies)
    opened = Window(context.new_page(), installation.stack.url)
    yield opened
    context.close()
    assert opened.problems == []


def keep_screenshot(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture to look at, when asked to by DOODLE_SCREENSHOTS."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=whole)


def ink_of(page: Page, selector: str) -> int:
    """Count the pixels of a picture that are not paper."""
    script = """canvas => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]
                .filter((value, index) => index % 4 === 3 && value > 0).length"""
    return int(page.locator(selector).first.evaluate(script))


def test_a_report_is_shown_whole(installation: Installation, window: Window, size: str, scheme: str) -> None:
    """Everything a run's report holds can be read, on a desk and on a phone, in the light and in the dark."""
    report = installation.report

    page = window.open(f"#report={report['run']}")

    body = page.locator("#report .body")
    headings = ["Verdict", "Candidate and live", "Learning", "Held-out drawings: recent", "Drawings", "Model"]
    for heading in headings:
        expect(body.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(body).to_contain_text(report["verdict"]["summary"])
    assert page.locator(".chart").count() == 2 + 2 * len(report["holdouts"])
    assert page.locator(".confusion").count() == 2 * len(report["holdouts"])
    num_mistakes = sum(len(holdout["mistakes"]) for holdout in report["holdouts"])
    assert page.locator(".bitmap").count() == num_mistakes + len(report["samples"])
    assert ink_of(page, ".pictures .bitmap") > 0
    page.get_by_text("Its statistics").click()
    expect(page.get_by_role("cell", name=re.compile("p value|num doodles|margin|floor")).first).to_be_visible()
    assert not window.is_wider_than_the_screen()
    keep_screenshot(page, f"report-{size}-{scheme}", whole=True)


def test_a_report_is_gone_back_from(installation: Installation, window: Window) -> None:
    """A report has an address of its own: the browser's way back leads to the desk."""
    page = window.open("#desk")
    page.locator(f'[data-run="{installation.report["run"]}"] .report-link').click()
    page.locator("#report h2").first.wait_for()

    page.go_back()

    expect(page.locator("#desk")).to_be_visible()
    expect(page.locator("#report")).to_be_hidden()


def test_a_report_that_is_not_there(window: Window) -> None:
    """It says so, and leads back."""
    page = window.open("#report=00000000-0000-4000-8000-000000000000")

    expect(page.locator("#report .body")).to_have_text("There is no run of that key.")
    expect(page.get_by_role("link", name="Back to the desk")).to_be_visible()
