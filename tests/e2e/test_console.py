"""The operator's page in a real browser: a run's report, and the review of what runs have left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import create_engine

from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import post_all
from doodle_testing.pages import keep_screenshot
from doodle_testing.seeded_console import leave_report, mislabel, screen_out
from doodle_testing.stack import Stack, running_stack

NUM_LEFT_OUT = 150
"""More than two pages."""

PATIENCE_MS = 30_000
"""For the server's answer, on a machine that does other things at the same time."""

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

    def forget_decisions(self) -> None:
        """Take back whatever was decided."""
        while decided := self.list_reviews("reviewed")["reviews"]:
            order = {"ids": [each["id"] for each in decided], "action": "undo", "reason": "The test is over."}
            with self.stack.operator as client:
                assert client.post("/api/v1/reviews", json=order).status_code == 200

    def num_waiting(self) -> int:
        """Count what waits for a review."""
        return sum(self.list_reviews()["counts"].values())


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Installation]:
    """A run with its report, and drawings that were left out."""
    home = tmp_path_factory.mktemp("console") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="100000") as stack:
        honest = generate_doodles(LABEL_SET, NUM_LEFT_OUT, Random(11))
        drawn = mislabel(honest, LABEL_SET.names)
        post_all(stack, drawn)
        engine = create_engine(stack.database_url)
        report = leave_report(engine)
        screen_out(engine, UUID(report["run"]), drawn, [each.label for each in honest])
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
    installation.forget_decisions()
    assert opened.problems == []


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
    expect(body).to_contain_text(report["screening"]["words"])
    assert page.locator(".chart").count() == 2 + 2 * len(report["holdouts"])
    assert page.locator(".confusion").count() == 2 * len(report["holdouts"])
    num_mistakes = sum(len(holdout["mistakes"]) for holdout in report["holdouts"])
    assert page.locator(".bitmap").count() == num_mistakes + len(report["samples"])
    assert ink_of(page, ".pictures .bitmap") > 0
    page.get_by_text("Its statistics").click()
    expect(page.get_by_role("cell", name=re.compile("p value|num doodles|margin|floor")).first).to_be_visible()
    assert not window.is_wider_than_the_screen()
    keep_screenshot(page, f"report-{size}-{scheme}", whole=True)


@pytest.mark.parametrize("scheme", ["light"])
def test_every_view_has_an_address(window: Window, size: str) -> None:
    """The keyboard leads to each; one is shown at a time, under its name, and can be gone back from."""
    page = window.open("#review")
    links = page.locator("#navigation a")
    links.first.wait_for()
    names = [str(links.nth(place).inner_text().split()[0]) for place in range(links.count())]
    addresses = [str(links.nth(place).get_attribute("href")) for place in range(links.count())]
    assert addresses[:3] == ["#desk", "#runs", "#models"]
    for place, (name, address) in enumerate(zip(names, addresses, strict=True)):
        links.nth(place).press("Enter")

        page.wait_for_url(f"**/console.html{address}")
        expect(page.locator(f"{address} h1")).to_be_focused()
        expect(links.nth(place)).to_have_attribute("aria-current", "page")
        expect(page).to_have_title(f"{name} \N{MIDDLE DOT} Operator \N{MIDDLE DOT} Doodle Loop")
        assert page.locator("main > :not([hidden])").count() == 1
        assert not window.is_wider_than_the_screen()
    for address in addresses[-2::-1]:
        page.go_back()
        expect(page.locator(address)).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light")])
def test_an_address_that_means_nothing_is_the_desk(window: Window) -> None:
    """A link of another release is no dead end."""
    page = window.open("#nothing-of-ours")

    expect(page.locator("#desk [data-version]")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light")])
def test_a_views_code_comes_when_it_is_shown(installation: Installation, window: Window) -> None:
    """The draw page fetches none of it, and the desk not the other views'."""
    fetched: list[str] = []
    window.page.on("request", lambda request: fetched.append(request.url))
    window.page.goto(installation.stack.url)
    window.page.locator("canvas").first.wait_for()
    assert not [url for url in fetched if re.search("console|desk|models_view|review_view", url)]
    page = window.open("#desk")
    page.locator("#desk [data-version]").wait_for()
    assert not [url for url in fetched if "models_view" in url]

    page.locator("#navigation a[href='#models']").click()

    page.locator("#models tr[data-version]").first.wait_for()
    assert [url for url in fetched if "models_view" in url]


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


def open_review(window: Window, part: str = "") -> Page:
    """Go to the review, or a part of it, and wait for what it shows."""
    page = window.open(f"#review{part}")
    page.locator(".drawing").first.wait_for()
    return page


def shown(page: Page) -> list[str]:
    """List the ids of the cards that are there."""
    ids = page.locator(".drawing").evaluate_all("cards => cards.map(card => card.dataset.key)")
    return [str(each) for each in ids]


def expect_said(page: Page, words: str) -> None:
    """Wait until the page says that the server has done it."""
    expect(page.locator(".said-last")).to_have_text(words, timeout=PATIENCE_MS)


@pytest.mark.parametrize("scheme", ["light"])
@pytest.mark.parametrize("size", ["desktop"])
class TestAtADesk:
    """With a keyboard."""

    def test_one_key_decides_and_another_takes_it_back(self, installation: Installation, window: Window) -> None:
        """What is decided is gone from the list, counted, and kept by the server under the operator's name."""
        num_waiting = installation.num_waiting()
        page = open_review(window)
        expect(page.locator("#navigation .count")).to_have_text(str(num_waiting))
        first, second = shown(page)[:2]

        page.keyboard.press("x")

        expect_said(page, "Rejected 1 drawing.")
        assert shown(page)[0] == second
        (decided,) = installation.list_reviews("reviewed")["reviews"]
        assert (decided["id"], decided["status"]) == (first, "rejected")
        assert decided["review"]["operator"] == "operator"
        expect(page.locator("#navigation .count")).to_have_text(str(num_waiting - 1))

        page.keyboard.press("z")

        expect_said(page, "Took back 1 drawing.")
        assert shown(page)[0] == first
        assert installation.num_waiting() == num_waiting
        expect(page.locator("#navigation .count")).to_have_text(str(num_waiting))

    def test_arrows_lead_and_shift_selects(self, installation: Installation, window: Window) -> None:
        """A digit relabels all that is selected; who is so labelled already is accepted."""
        page = open_review(window)
        before = shown(page)
        labels = dict(zip(before, page.locator(".drawing .said").all_inner_texts(), strict=True))
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Shift+ArrowDown")
        columns = page.locator('.drawing[aria-selected="true"]').count() - 1
        assert columns > 1

        page.keyboard.press(str(1 + LABEL_SET.names.index("dog")))

        chosen = before[1 : 2 + columns]
        expect(page.locator(".said-last")).to_contain_text("as dog")
        decided = {each["id"]: each for each in installation.list_reviews("reviewed")["reviews"]}
        assert set(decided) == set(chosen)
        assert {each["label"] for each in decided.values()} == {"dog"}
        for each in chosen:
            was_a_dog = labels[each].endswith("dog")
            assert decided[each]["review"]["action"] == ("accept" if was_a_dog else "relabel")
        page.keyboard.press("z")
        expect(page.locator(".said-last")).to_contain_text("Took back")
        assert shown(page)[: len(before)] == before

    def test_all_of_them_page_by_page(self, installation: Installation, window: Window) -> None:
        """The end of the list brings more, until all are there; all are decided about at once, and taken back."""
        page = open_review(window)
        num_waiting = installation.num_waiting()
        assert len(shown(page)) < num_waiting
        while (so_far := len(shown(page))) < num_waiting:
            page.keyboard.press("End")
            page.wait_for_function("number => document.querySelectorAll('.drawing').length > number", arg=so_far)
        assert len(set(shown(page))) == num_waiting > 100

        page.keyboard.press("Control+a")
        page.keyboard.press("a")

        expect_said(page, f"Accepted {num_waiting} drawings.")
        expect(page.locator("#review .empty .open")).to_be_visible()
        expect(page.locator("#navigation .count")).to_be_hidden()
        assert installation.num_waiting() == 0
        keep_screenshot(page, "review-empty")

        page.keyboard.press("z")

        expect_said(page, f"Took back {num_waiting} drawings.")
        assert len(shown(page)) == installation.num_waiting() == num_waiting

    def test_filters_are_addresses(self, window: Window) -> None:
        """A reason, a label: each narrows the list, can be linked to and gone back from."""
        page = open_review(window)

        page.get_by_role("link", name="Looks like nothing known").click()
        page.wait_for_url("**/console.html#review&reason=unknown")
        expect(page.locator(".why").first).to_have_text("Looks like nothing known")
        assert set(page.locator(".why").all_inner_texts()) == {"Looks like nothing known"}
        page.get_by_role("link", name="Looks mislabelled").click()
        expect(page.locator(".why").first).to_have_text("Looks mislabelled")
        page.keyboard.press("ArrowRight")
        keep_screenshot(page, "review")
        page.go_back()
        page.locator("#review-label").select_option("fish")
        page.wait_for_url("**&reason=unknown&label=fish")
        page.locator(".drawing").first.wait_for()
        assert {words.split()[-1] for words in page.locator(".said").all_inner_texts()} == {"fish"}
        page.go_back()
        page.go_back()

        expect(page.get_by_role("link", name=re.compile("^All "))).to_have_attribute("aria-current", "true")
        page.get_by_role("link", name="Left out").click()
        expect(page.locator("#review .empty .unused")).to_be_visible()

    def test_what_the_server_does_not_hear_comes_back(self, installation: Installation, window: Window) -> None:
        """Without a network nothing is lost and nothing is said to be done; with one again it goes on."""
        page = open_review(window)
        before = shown(page)
        page.context.set_offline(True)

        page.keyboard.press("a")

        expect(page.locator("#review .trouble")).to_contain_text("does not answer")
        assert shown(page) == before
        keep_screenshot(page, "review-trouble")
        page.context.set_offline(False)
        page.keyboard.press("a")
        expect_said(page, "Accepted 1 drawing.")
        expect(page.locator("#review .trouble")).to_be_hidden()
        assert [each["id"] for each in installation.list_reviews("reviewed")["reviews"]] == before[:1]
        page.keyboard.press("z")
        expect_said(page, "Took back 1 drawing.")

    def test_a_decision_can_be_taken_back_later(self, installation: Installation, window: Window) -> None:
        """What was decided is listed with who and why; from there, too, it goes back to those that wait."""
        num_waiting = installation.num_waiting()
        page = open_review(window)
        page.keyboard.press("x")
        expect_said(page, "Rejected 1 drawing.")

        page.get_by_role("link", name="Decided").click()
        expect(page.locator(".decision")).to_have_text("operator: rejected. Of no use.")
        page.get_by_role("button", name="Take the decision back").click()

        expect_said(page, "Took back 1 drawing.")
        expect(page.locator("#review .empty .reviewed")).to_be_visible()
        assert installation.num_waiting() == num_waiting


@pytest.mark.parametrize("size", ["phone"])
def test_a_thumb_decides(installation: Installation, window: Window) -> None:
    """Ticks select, the buttons at the lower edge decide; nothing is wider than the screen."""
    num_waiting = installation.num_waiting()
    page = open_review(window)
    assert not window.is_wider_than_the_screen()
    page.locator(".tick").nth(0).tap()
    page.locator(".tick").nth(1).tap()
    expect(page.locator(".chosen-now")).to_contain_text("2 drawings selected")

    page.get_by_role("button", name="Reject").tap()

    expect_said(page, "Rejected 2 drawings.")
    assert installation.num_waiting() == num_waiting - 2
    page.get_by_role("button", name="Undo").tap()
    expect_said(page, "Took back 2 drawings.")
    assert installation.num_waiting() == num_waiting


def test_the_review_shows_picture_label_and_reason(window: Window, size: str, scheme: str) -> None:
    """A card says what the drawing is said to be, why it was left out, in words and numbers."""
    page = open_review(window)

    card = page.locator(".drawing").first
    assert ink_of(page, ".drawing .bitmap") > 0
    for part in (".said", ".why", ".words", ".numbers"):
        expect(card.locator(part)).not_to_be_empty()
    expect(page.locator(".numbers").filter(has_text="label share 1").first).to_be_attached()
    assert not window.is_wider_than_the_screen()
    keep_screenshot(page, f"review-{size}-{scheme}")
