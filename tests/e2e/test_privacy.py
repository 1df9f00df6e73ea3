"""Drawings belong to who drew them, in a real browser: stored or not, and forgotten; and nobody else hears of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Response, expect

from doodle_testing.draw_page import choose_not_to_store, draw_and_finish, open_draw_page, open_settings, play_round
from doodle_testing.stack import Stack, running_stack

pytestmark = pytest.mark.timeout(300)

DOODLES = "/api/v1/doodles"
FORGET = "/api/v1/doodles/forget"
FORGOTTEN = "1 drawing is forgotten."


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One installation for the whole file; so many drawings that a run would start never come."""
    home: Path = tmp_path_factory.mktemp("privacy") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="10000") as running:
        yield running


@dataclass
class Visitor:
    """
    Somebody who draws.

    Attributes:
        context: their browser.
        url: of the page.
        requests: what their browser has asked, of anybody.
        cookies: addresses whose answers wanted a cookie kept.
    """

    context: BrowserContext
    url: str
    requests: list[Request] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("request", self.note_request)
        self.context.on("response", self.note_cookie)

    def note_request(self, request: Request) -> None:
        """Note that the browser asks for something."""
        self.requests.append(request)

    def note_cookie(self, answer: Response) -> None:
        """Note that an answer wants a cookie kept."""
        if "set-cookie" in answer.headers:
            self.cookies.append(answer.url)

    def open(self) -> Page:
        """Open the page in a tab of its own."""
        page = self.context.new_page()
        open_draw_page(page, self.url)
        return page

    def hosts(self) -> set[str]:
        """Name everybody who was asked for anything; what the browser made up itself has no host."""
        return {urlsplit(each.url).netloc for each in self.requests if not each.url.startswith(("data:", "blob:"))}

    def num_posts(self, path: str) -> int:
        """Count what was sent to a path."""
        return sum(each.method == "POST" and urlsplit(each.url).path == path for each in self.requests)


@pytest.fixture
def visitor(browser: Browser, stack: Stack) -> Iterator[Visitor]:
    """A visitor with a fresh browser, whose requests are all seen, a service worker's too."""
    context = browser.new_context(locale="en-GB")
    yield Visitor(context, stack.url)
    context.close()


def num_stored(stack: Stack) -> int:
    """Ask how many drawings the installation holds."""
    with stack.client as client:
        return int(client.get("/api/v1/stats").json()["num_doodles"])


def state_of(page: Page) -> Locator:
    """Find what the settings say about the drawings there are."""
    return page.locator("#settings .forgetting .state")


def forget(page: Page) -> None:
    """Ask for it, and say that it is meant."""
    page.locator("#forget").click()
    page.locator("#settings .sure .dangerous").click()


def test_a_round_asks_nobody_but_us_and_leaves_no_cookie(visitor: Visitor, stack: Stack) -> None:
    """Every request of a whole round goes to the address the page came from, and no answer sets a cookie."""
    page = visitor.open()

    play_round(page)
    open_settings(page)

    assert visitor.hosts() == {urlsplit(stack.url).netloc}
    assert visitor.cookies == []
    assert visitor.context.cookies() == []
    assert visitor.num_posts(DOODLES) > 0


def test_the_page_says_what_is_stored_and_what_is_not(visitor: Visitor) -> None:
    """Two sentences stand on the page, before anything is drawn, and lead to what one can do about it."""
    page = visitor.open()

    promise = page.locator(".foot .promise p")

    expect(promise).to_have_count(2)
    expect(promise.first).to_contain_text("Stored are")
    expect(promise.last).to_contain_text("Not stored are")
    page.locator("#open-privacy").click()
    expect(page.locator("#settings #forget-title")).to_be_focused()
    expect(page.locator("#forget")).to_be_disabled()
    expect(state_of(page)).to_contain_text("no drawing of yours")


def test_who_wants_nothing_stored_draws_all_the_same(visitor: Visitor, stack: Stack) -> None:
    """With storing off a drawing is guessed and counted, and neither sent nor kept, now or after a reload."""
    before = num_stored(stack)
    page = visitor.open()
    choose_not_to_store(page)

    draw_and_finish(page)

    expect(page.locator("#result .words")).to_contain_text("Not stored")
    open_draw_page(page, stack.url)
    draw_and_finish(page)
    assert visitor.num_posts(DOODLES) == 0
    assert num_stored(stack) == before
    open_settings(page)
    expect(page.locator("#is-storing")).not_to_be_checked()
    expect(page.locator("#forget")).to_be_disabled()


def test_drawings_of_every_tab_are_forgotten(visitor: Visitor, stack: Stack) -> None:
    """What this browser sent, from whichever tab, is gone from the server, and the browser remembers it no longer."""
    before = num_stored(stack)
    draw_and_finish(visitor.open())
    page = visitor.open()
    draw_and_finish(page)
    assert num_stored(stack) == before + 2
    open_settings(page)
    expect(state_of(page)).to_contain_text("2 drawings")

    forget(page)

    expect(state_of(page)).to_have_text("2 drawings are forgotten.")
    assert num_stored(stack) == before
    expect(page.locator("#settings .forgetting")).to_contain_text("What a network has already learnt")
    open_draw_page(page, stack.url)
    open_settings(page)
    expect(page.locator("#forget")).to_be_disabled()


def test_a_drawing_that_waits_is_dropped_and_never_sent(visitor: Visitor, stack: Stack) -> None:
    """Without a network a drawing waits; forgotten, it is not sent when there is one again."""
    before = num_stored(stack)
    page = visitor.open()
    page.route(f"**{DOODLES}", lambda route: route.abort())
    draw_and_finish(page)
    expect(page.locator("#outbox")).to_be_visible()
    open_settings(page)

    forget(page)

    expect(state_of(page)).to_have_text(FORGOTTEN)
    expect(page.locator("#outbox")).to_be_hidden()
    page.unroute(f"**{DOODLES}")
    open_draw_page(page, stack.url)
    draw_and_finish(page)
    assert num_stored(stack) == before + 1


def test_what_could_not_be_forgotten_is_tried_again(visitor: Visitor, stack: Stack) -> None:
    """Where the server does not answer the page says so and how many are left, and the same button tries again."""
    before = num_stored(stack)
    page = visitor.open()
    draw_and_finish(page)
    page.route(f"**{FORGET}", lambda route: route.abort())
    open_settings(page)

    forget(page)

    expect(state_of(page)).to_contain_text("1 drawing is left")
    page.unroute(f"**{FORGET}")
    page.locator("#forget").click()
    expect(state_of(page)).to_have_text(FORGOTTEN)
    assert num_stored(stack) == before


def test_who_thinks_better_of_it_keeps_the_drawings(visitor: Visitor, stack: Stack) -> None:
    """Nothing is forgotten before somebody has said twice that they want it."""
    page = visitor.open()
    draw_and_finish(page)
    stored = num_stored(stack)
    open_settings(page)

    page.locator("#forget").click()
    page.get_by_role("button", name="Keep them").click()

    expect(page.locator("#forget")).to_be_focused()
    assert visitor.num_posts(FORGET) == 0
    assert num_stored(stack) == stored
