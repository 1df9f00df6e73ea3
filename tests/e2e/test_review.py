"""The review of what runs have left out, in a real browser: with a keyboard, with a thumb."""

import re

import pytest
from playwright.sync_api import Page, expect

from doodle_testing.builders import LABEL_SET
from doodle_testing.pages import keep_screenshot
from doodle_testing.seeded_console import SeededConsole
from doodle_testing.windows import PATIENCE_MS, Window, ink_of

pytestmark = pytest.mark.timeout(600)


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

    def test_one_key_decides_and_another_takes_it_back(self, installation: SeededConsole, window: Window) -> None:
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

    def test_what_is_decided_is_not_decided_again(self, installation: SeededConsole, window: Window) -> None:
        """Among the decided ones no key but the one that takes back does anything."""
        page = open_review(window)
        first = shown(page)[0]
        page.keyboard.press("x")
        expect_said(page, "Rejected 1 drawing.")
        page.get_by_role("link", name="Decided").click()
        expect(page.locator(f'.drawing[data-key="{first}"]')).to_be_visible()
        orders: list[str] = []
        page.on("request", lambda request: orders.append(request.url) if request.method == "POST" else None)

        page.keyboard.press("1")
        page.keyboard.press("a")

        page.wait_for_timeout(300)
        assert (orders, shown(page)) == ([], [first])
        (decided,) = installation.list_reviews("reviewed")["reviews"]
        assert decided["review"]["action"] == "reject"

    def test_arrows_lead_and_shift_selects(self, installation: SeededConsole, window: Window) -> None:
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

    def test_all_of_them_page_by_page(self, installation: SeededConsole, window: Window) -> None:
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

    def test_what_the_server_does_not_hear_comes_back(self, installation: SeededConsole, window: Window) -> None:
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

    def test_a_decision_can_be_taken_back_later(self, installation: SeededConsole, window: Window) -> None:
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
def test_a_thumb_decides(installation: SeededConsole, window: Window) -> None:
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
