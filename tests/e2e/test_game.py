"""The game in a real browser: rounds of five, the gentle timer, guessing aloud, the round's page, free drawing."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.material import Material, recognisable, write_base_data
from doodle_testing.pages import draw_on, keep_screenshot, prompt_for
from doodle_testing.real_drawings import InkStrokes
from doodle_testing.stack import Stack, running_stack
from doodle_testing.windows import SIZES, faultless_context, ink_of

pytestmark = pytest.mark.timeout(600)

A_ROUND = 5
LINE: InkStrokes = [[[0, 120, 255], [0, 40, 255]]]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation with some base data, which is what others have drawn."""
    folder = tmp_path_factory.mktemp("game")
    data_dir = write_base_data(folder / "data", generate_doodles(LABEL_SET, 240, Random(1)))
    with running_stack(folder / "home", DOODLE_DATA_DIR=str(data_dir), DELTA_MIN_DOODLES="100000") as running:
        yield running


@pytest.fixture(scope="module")
def known(material: Material) -> dict[str, InkStrokes]:
    """A drawing of each label that the shipped version knows."""
    return {label: recognisable(material, label) for label in LABEL_SET.names}


@dataclass
class Player:
    """Somebody at the draw page, and what was sent from there."""

    page: Page
    url: str
    known: dict[str, InkStrokes]
    sent: list[dict[str, Any]] = field(default_factory=list)

    def open(self, address: str = "/", **preferences: object) -> None:
        """Go to the page, with preferences that were chosen before; wait until it guesses."""
        self.page.on("request", self._note)
        chosen = "localStorage.setItem('doodle-loop.preferences', JSON.stringify({}))"
        self.page.add_init_script(chosen.replace("{}", str(preferences).replace("False", "false")))
        self.page.goto(self.url + address)
        expect(self.page.locator("#backend")).not_to_be_empty(timeout=15_000)

    def _note(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/api/v1/doodles"):
            self.sent.append(dict(request.post_data_json or {}))

    @property
    def asked(self) -> str:
        """The label that is asked for."""
        return str(self.page.locator("#prompt").get_attribute("data-label"))

    def draw(self, label: str) -> None:
        """Draw a label, and see it guessed."""
        draw_on(self.page, self.known[label])
        expect(self.page.locator("#guesses li[data-label]").first).to_be_visible()

    def finish(self) -> None:
        self.page.locator("#done").click()
        expect(self.page.locator("#next")).to_be_visible()

    def play(self, *, is_quick: bool = False) -> list[str]:
        """
        Draw a round, up to the result of its last drawing; gives the labels that were asked for.

        Args:
            is_quick: a line will do.
        """
        asked = []
        for place in range(A_ROUND):
            if place > 0:
                self.page.locator("#next").click()
            expect(self.page.locator("#place")).to_have_text(f"Drawing {place + 1} of {A_ROUND}")
            asked.append(self.asked)
            draw_on(self.page, LINE if is_quick else self.known[self.asked])
            self.finish()
        return asked


@pytest.fixture
def player(
    request: pytest.FixtureRequest, stack: Stack, browser: Browser, known: dict[str, InkStrokes]
) -> Iterator[Player]:
    """With a window of the size that a test names; no script in it may fail."""
    size = SIZES[getattr(request, "param", "desktop")]
    # What a test routes must not be answered by the service worker.
    with faultless_context(browser, **size, service_workers="block", locale="en-GB") as context:
        yield Player(context.new_page(), stack.url, known)


def kinds_of(page: Page, selector: str) -> list[str]:
    """Give what came of each drawing, as the page shows it."""
    return [str(kind) for kind in page.locator(selector).evaluate_all("all => all.map(each => each.dataset.kind)")]


@pytest.mark.parametrize("player", ["desktop", "phone"], indirect=True)
def test_a_round(player: Player) -> None:
    """Five different labels; then everything about each drawing, down to the very bitmap; then the next round."""
    page = player.page
    player.open()
    expect(page.locator("#prompt")).to_contain_text(re.compile("^Draw an? "))

    asked = player.play()

    assert len(set(asked)) == A_ROUND
    assert [doodle["label"] for doodle in player.sent] == asked
    expect(page.locator("#next")).to_contain_text("See the round")
    page.keyboard.press("Enter")
    expect(page.locator(".stage")).to_have_attribute("data-phase", "round")
    expect(page.locator("#prompt")).to_be_focused()
    cards = page.locator("#round .card")
    expect(cards).to_have_count(A_ROUND)
    kinds = kinds_of(page, "#round .card")
    assert kinds == kinds_of(page, "#dots span")
    expect(page.locator("#prompt")).to_have_text(f"I recognised {kinds.count('recognised')} of 5 drawings")
    assert ink_of(page, "#round .card .picture") > 0

    last = cards.nth(A_ROUND - 1)
    last.press("Enter")
    expect(last).to_have_attribute("aria-pressed", "true")
    expect(cards.first).to_have_attribute("aria-pressed", "false")
    assert bitmap_shown(page) == base64.b64decode(player.sent[-1]["bitmap"])
    expect(page.locator("#round .ranks li").first).to_contain_text(player.sent[-1]["guess"])
    expect(page.locator("#round .path li").last).to_contain_text(re.compile(r"after \d+\.\d\ss"))
    expect(page.get_by_role("img", name=f"12 drawings by other people: {asked[-1]}")).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    keep_screenshot(page, f"round-{page.viewport_size and page.viewport_size['width']}", whole=True)

    page.locator("#prompt").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#place")).to_have_text("Drawing 1 of 5")
    expect(page.locator("#round")).to_be_hidden()
    expect(page.locator("#pad")).to_be_focused()


def bitmap_shown(page: Page) -> bytes:
    """Read what the round's page shows as seen by the model."""
    script = """canvas => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]
                .filter((value, index) => index % 4 === 3)"""
    return bytes(page.locator("#round .pixels").evaluate(script))


def test_it_guesses_aloud(player: Player) -> None:
    """What it sees stands under the paper, where a screen reader hears it; an empty paper is silent."""
    page, aloud = player.page, player.page.locator("#top-guess")
    player.open()
    expect(aloud).to_have_attribute("aria-live", "polite")

    player.draw("cat")

    expect(aloud).to_have_text(re.compile("^(I see|Oh, I know|No, wait)"))
    expect(aloud).to_contain_text("a cat")
    page.locator("#clear").click()
    expect(aloud).to_be_empty()


def test_a_skipped_prompt_uses_nothing_up_and_a_correction_counts(player: Player) -> None:
    """Skip asks for something else; "it was really a dog" makes a cat that looks like none a dog in the round."""
    page = player.page
    player.open()
    prompt_for(page, "cat")
    expect(page.locator("#place")).to_have_text("Drawing 1 of 5")

    player.draw("fish")
    player.finish()
    assert kinds_of(page, "#dots span")[0] == "missed"
    page.locator('#corrections .choice[data-label="fish"]').click()

    expect(page.locator("#result .words")).to_contain_text("Thank you.")
    assert kinds_of(page, "#dots span")[0] == "recognised"


def test_what_is_asked_for_instead_is_heard(player: Player) -> None:
    """Skip leaves the focus where it is, so a screen reader is told the new heading; at a next drawing the pad does."""
    page = player.page
    player.open()
    heard, prompt = page.locator("#asked-words"), page.locator("#prompt")
    expect(heard).to_have_attribute("aria-live", "polite")
    expect(heard).to_be_empty()

    page.locator("#skip").press("Enter")

    expect(page.locator("#skip")).to_be_focused()
    expect(heard).to_have_text(prompt.text_content() or "-")
    draw_on(page, LINE)
    player.finish()
    page.locator("#next").click()
    expect(page.locator("#pad")).to_be_focused()
    expect(heard).to_be_empty()


def test_the_timer_is_gentle(player: Player) -> None:
    """It runs from the first ink; when it is over it says so, once, and Done remains the drawer's."""
    page = player.page
    page.clock.install()
    player.open()
    state = page.locator("#time")
    expect(state).to_have_attribute("data-state", "ready")
    page.clock.fast_forward(60_000)
    expect(state).to_have_attribute("data-state", "ready")

    draw_on(page, LINE)
    expect(state).to_have_attribute("data-state", "running")
    page.clock.fast_forward(31_000)

    expect(page.get_by_role("status").filter(has_text="The time is up.")).to_be_visible()
    assert player.sent == []
    expect(page.locator("#undo")).to_be_enabled()
    player.finish()
    assert len(player.sent) == 1


def test_the_timer_can_be_switched_off(player: Player) -> None:
    """Then there is none, and nothing is ever late."""
    page = player.page
    page.clock.install()
    player.open(hasTimer=False)
    expect(page.locator("#time")).to_be_hidden()
    draw_on(page, LINE)
    page.clock.fast_forward(61_000)

    expect(page.locator("#time-words")).to_be_empty()
    expect(page.locator("#time")).to_be_hidden()


def test_who_does_not_store_plays_all_the_same(player: Player) -> None:
    """Nothing leaves the device, the result says so, and the round counts; free drawing needs no name then."""
    page = player.page
    player.open(isStoring=False)

    draw_on(page, LINE)
    player.finish()

    expect(page.locator("#result .words")).to_contain_text("Not stored, as you wish.")
    expect(page.locator("#corrections")).to_be_hidden()
    assert kinds_of(page, "#dots span")[0] in {"recognised", "missed"}
    page.locator("#other-mode").click()
    draw_on(page, LINE)
    player.finish()
    expect(page.locator("#result .words")).to_contain_text("Not stored, as you wish.")
    assert player.sent == []


def test_free_drawing(player: Player) -> None:
    """No prompt; it guesses first, then asks; what is none of the labels is not stored; a round waits meanwhile."""
    page = player.page
    player.open()
    player.draw("cat")
    page.locator("#other-mode").click()
    expect(page).to_have_url(re.compile("#free$"))
    expect(page.locator("#prompt")).to_have_text("Draw whatever you like")
    expect(page.locator("#time")).to_be_hidden()
    expect(page.locator("#undo")).to_be_enabled()

    page.locator("#done").click()
    expect(page.locator("#result")).to_contain_text("What was it?")
    expect(page.locator("#result .words")).to_contain_text("I guess cat")
    expect(page.locator('#corrections .choice[data-label="cat"]')).to_be_focused()
    page.locator("#none-of-these").click()
    expect(page.locator("#result .words")).to_contain_text("Not stored")
    assert player.sent == []

    page.keyboard.press("Enter")
    draw_on(page, LINE)
    page.locator("#done").click()
    page.locator('#corrections .choice[data-label="dog"]').click()
    expect(page.locator("#result .words")).to_contain_text("Stored.")
    assert [doodle["label"] for doodle in player.sent] == ["dog"]

    page.go_back()
    expect(page.locator("#place")).to_have_text("Drawing 1 of 5")
    expect(page.locator("#undo")).to_be_disabled()


PRESS_EVERYTHING = """() => {
    const find = (selector) => document.querySelector(selector);
    for (const label of ["cat", "cat", "dog"]) find(`#corrections [data-label=${label}]`).click();
    find("#next").click();
    return [
        find(".stage").dataset.phase,
        getComputedStyle(find("#next")).display,
        getComputedStyle(find("#corrections")).visibility,
    ];
}"""


def test_a_free_drawing_is_stored_once_however_often_it_is_named(player: Player) -> None:
    """The first word counts; until an answer is there nothing can be chosen, and nothing goes on."""
    page = player.page
    player.open("/#free")
    draw_on(page, LINE)
    page.locator("#done").click()
    expect(page.locator("#corrections")).to_be_visible()
    expect(page.locator("#next")).to_be_hidden()

    # In one moment of the page's, before any answer.
    assert page.evaluate(PRESS_EVERYTHING) == ["storing", "none", "hidden"]

    expect(page.locator("#result .words")).to_contain_text("Stored.")
    expect(page.locator("#next")).to_be_focused()
    assert [doodle["label"] for doodle in player.sent] == ["cat"]


def test_others_drawings_may_be_none_or_fail(player: Player) -> None:
    """An empty answer and a failure have words of their own, and a failed question can be asked again."""
    page = player.page
    player.open()
    answers: list[dict[str, Any]] = [
        {"status": 503, "json": {"title": "Busy", "detail": "Come back later."}},
        {"json": {"drawings": []}},
    ]
    page.route("**/api/v1/labels/*/drawings*", lambda route: route.fulfill(**answers.pop(0)))
    player.play(is_quick=True)

    page.locator("#next").click()

    others = page.locator("#round .others")
    expect(others).to_contain_text("They could not be fetched: Come back later.")
    others.get_by_role("button", name="Try again").click()
    expect(others).to_contain_text("Nobody else has drawn")


def test_a_round_goes_on_without_its_page(player: Player) -> None:
    """Where that part of the page cannot be loaded the score is told, and the next round begins."""
    page = player.page
    page.route("**/assets/round_page*", lambda route: route.abort())
    player.open()
    player.play(is_quick=True)

    page.locator("#next").click()

    expect(page.locator("#prompt")).to_contain_text("I recognised")
    expect(page.locator("#round")).to_contain_text("could not be loaded")
    page.locator("#again").click()
    expect(page.locator("#place")).to_have_text("Drawing 1 of 5")
