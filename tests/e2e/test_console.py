"""The operator's page in a real browser: its views and their addresses, and a run's report."""

import re

import pytest
from playwright.sync_api import expect

from doodle_testing.pages import keep_screenshot
from doodle_testing.seeded_console import SeededConsole
from doodle_testing.windows import Window, ink_of

pytestmark = pytest.mark.timeout(600)


def test_a_report_is_shown_whole(installation: SeededConsole, window: Window, size: str, scheme: str) -> None:
    """Everything a run's report holds can be read, on a desk and on a phone, in the light and in the dark."""
    report = installation.report

    page = window.open(f"#report={report['run']}")

    body = page.locator("#report .body")
    headings = ["Verdict", "Candidate and live", "Learning", "Held-out drawings: recent", "Drawings", "Model"]
    for heading in headings:
        expect(body.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(body).to_contain_text(report["verdict"]["summary"])
    expect(body).to_contain_text(report["screening"]["words"])
    assert page.locator("#report .figure .chart").count() == 2 + 4 * len(report["holdouts"])
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
    menu, links = page.locator("#menu"), page.locator("#navigation a")
    links.first.wait_for(state="attached")
    names = [str(links.nth(place).text_content()).split()[0] for place in range(links.count())]
    addresses = [str(links.nth(place).get_attribute("href")) for place in range(links.count())]
    assert addresses[:2] == ["#desk", "#runs"]
    for place, (name, address) in enumerate(zip(names, addresses, strict=True)):
        if size == "phone":
            menu.press("Enter")
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


@pytest.mark.parametrize("size", ["phone"])
def test_on_a_phone_the_views_are_behind_a_button(window: Window, size: str, scheme: str) -> None:
    """It says where one is; every view is seen at once; the keyboard, a tap elsewhere and Escape put it away."""
    page = window.open("#models")
    menu, links = page.locator("#menu"), page.locator("#navigation a")
    expect(menu).to_contain_text("Models")
    expect(links.first).to_be_hidden()

    menu.tap()

    expect(menu).to_have_attribute("aria-expanded", "true")
    for place in range(links.count()):
        expect(links.nth(place)).to_be_in_viewport(ratio=1)
    assert not window.is_wider_than_the_screen()
    keep_screenshot(page, f"menu-{size}-{scheme}")
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(links.first).to_be_hidden()
    menu.tap()
    page.locator("main").tap(position={"x": 5, "y": 400})
    expect(links.first).to_be_hidden()
    menu.tap()
    page.locator("#navigation a[href='#desk']").tap()
    expect(menu).to_contain_text("Desk")
    expect(links.first).to_be_hidden()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light")])
def test_an_address_that_means_nothing_is_the_desk(window: Window) -> None:
    """A link of another release is no dead end."""
    page = window.open("#nothing-of-ours")

    expect(page.locator("#desk [data-version]")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light")])
def test_a_views_code_comes_when_it_is_shown(installation: SeededConsole, window: Window) -> None:
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


def test_a_report_is_gone_back_from(installation: SeededConsole, window: Window) -> None:
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
