"""The operator's page with people who are quicker than the server, and with a server that tells much."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from doodle_testing.seeded_console import SeededConsole
from doodle_testing.windows import DESKTOP, PATIENCE_MS, Window, faultless_context

pytestmark = pytest.mark.timeout(600)

KEY = "6f0c6f0c-0000-4000-8000-000000000000"

OUR_STREAM = """
    window.EventSource = class extends EventTarget {
        readyState = 1;
        constructor() { super(); window.stream = this; }
        close() {}
    };
"""
"""Tells what a test has it tell."""

TELL = "([name, data]) => window.stream.dispatchEvent(new MessageEvent(name, {data}))"

SEARCH = {
    "key": KEY,
    "name": "",
    "state": "running",
    "method": "random",
    "configuration": {"EPOCHS": 1, "LEARNING_RATE": [0.001, 0.002]},
    "pruning": False,
    "priority": 0,
    "requested_by": "ada",
    "reason": "",
    "num_trials": 4,
    "counts": {"waiting": 4, "running": 0, "finished": 0, "pruned": 0, "failed": 0, "cancelled": 0},
    "best": None,
    "importances": None,
    "estimated_seconds": None,
    "elapsed_seconds": 0,
    "created_at": "2026-11-21T12:00:00Z",
    "finished_at": None,
    "stopped_by": None,
}


@pytest.fixture
def size() -> str:
    """A desk: haste is the same in a hand."""
    return "desktop"


@pytest.fixture
def scheme() -> str:
    """One theme."""
    return "light"


def a_run(installation: SeededConsole, step: int) -> str:
    """Say as the stream does how far a run is; the rest of it is the one's that is there."""
    with installation.stack.operator as client:
        (run,) = client.get("/api/v1/train").json()["runs"]
    progress = {"stage": "fit", "epoch": 0, "num_epochs": 2, "step": step, "num_steps": 100, "loss": None}
    progress |= {"accuracy": None, "eta_seconds": None}
    going_on = {"state": "running", "error": None, "verdict": None, "finished_at": None, "progress": progress}
    return json.dumps({**run, **going_on})


def answering(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Route], None]:
    """Answer as the server does, but for what is changed."""

    def fulfil(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json=answer(response.json()))

    return fulfil


@pytest.mark.parametrize("action", ["cancel", "roll-back"])
def test_a_button_of_the_desk_stays_where_it_is(installation: SeededConsole, window: Window, action: str) -> None:
    """A run tells its progress four times a second: what has the focus keeps it, and a press becomes a click."""
    window.page.add_init_script(OUR_STREAM)
    window.page.route("**/api/v1/deployments", answering(lambda told: {**told, "previous": "0123456789ab"}))
    page = window.open("#desk")
    expect(page.locator("[data-action=roll-back]")).to_be_enabled(timeout=PATIENCE_MS)
    expect(page.locator(".run[data-run]")).to_be_visible(timeout=PATIENCE_MS)
    page.evaluate(TELL, ["run", a_run(installation, 1)])
    page.locator(f"#desk [data-action={action}]").focus()
    page.evaluate("window.focused = document.activeElement")

    for step in (2, 3):
        page.evaluate(TELL, ["run", a_run(installation, step)])

    expect(page.locator(".run .progress")).to_contain_text("step 3 of 100")
    assert page.evaluate("document.activeElement === window.focused && window.focused.dataset.action") == action


def test_a_search_is_extended_once(window: Window) -> None:
    """A second Enter before the answer adds no further trials."""
    orders: list[Route] = []
    window.page.route(f"**/api/v1/search/{KEY}", lambda route: route.fulfill(json=SEARCH))
    window.page.route(f"**/api/v1/search/{KEY}/trials", lambda route: route.fulfill(json={"trials": []}))
    window.page.route(f"**/api/v1/search/{KEY}/extend", lambda route: orders.append(route))  # noqa: PLW0108 - or it fails
    page = window.open(f"#searches={KEY}")
    page.locator("[data-action=extend]").click()
    form = page.locator("dialog[open] form")

    with page.expect_request("**/extend"):
        form.evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")

    expect(form.locator("[type=submit]")).to_be_disabled()
    page.wait_for_timeout(200)
    assert len(orders) == 1
    orders[0].fulfill(json={})
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_two_clicks_turn_one_page(installation: SeededConsole, window: Window) -> None:
    """A page is turned when the one before is there; the list does not fall off its beginning."""
    asked: list[str] = []

    def list_runs(route: Route) -> None:
        cursor = route.request.url.partition("cursor=")[2]
        asked.append(cursor)
        route.fulfill(json={"runs": [json.loads(run)], "next": {"": "two", "two": "three"}.get(cursor)})

    run = a_run(installation, 1)
    window.page.route("**/api/v1/train?*", list_runs)
    page = window.open("#runs")
    newer, older = page.locator("[data-action=previous]"), page.locator("[data-action=next]")
    older.click()
    expect(newer).to_be_enabled()
    wait_for_answer(page, asked, 2)

    newer.evaluate("button => { button.click(); button.click(); }")

    wait_for_answer(page, asked, 3)
    expect(newer).to_be_disabled()
    expect(older).to_be_enabled()
    older.click()
    wait_for_answer(page, asked, 4)
    expect(newer).to_be_enabled()
    assert asked == ["", "two", "", "two"]


def wait_for_answer(page: Page, asked: list[str], number: int) -> None:
    """Wait until so many pages were asked for, and the last one is shown."""
    while len(asked) < number:
        page.wait_for_timeout(20)
    page.wait_for_timeout(200)


def test_a_link_signs_in_where_the_page_is_open(installation: SeededConsole, browser: Browser) -> None:
    """Pasted into the tab that asks for it, it is taken, and out of the address."""
    with faultless_context(browser, **DESKTOP) as context:
        page = context.new_page()
        page.goto(f"{installation.stack.url}/console.html")
        expect(page.locator("#code")).to_be_visible(timeout=PATIENCE_MS)

        page.goto(installation.stack.sign_in_link())

        expect(page.locator("#desk [data-version]")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.locator("#sign-in")).to_be_hidden()
        assert "sign-in" not in page.url


def test_a_server_that_falls_silent_after_the_code(installation: SeededConsole, browser: Browser) -> None:
    """The page says so, and a load of it leads on: the session is there."""
    with faultless_context(browser, **DESKTOP) as context:
        page = context.new_page()
        is_busy = {"GET"}
        page.route(
            "**/api/v1/session",
            lambda route: route.fulfill(status=503) if route.request.method in is_busy else route.continue_(),
        )

        page.goto(installation.stack.sign_in_link())

        expect(page.locator("#sign-in-error")).to_contain_text("Load the page again", timeout=PATIENCE_MS)
        is_busy.clear()
        page.reload()
        expect(page.locator("#desk [data-version]")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize("view", ["runs", "report", "review"])
def test_a_session_that_has_ended_ends_every_view(installation: SeededConsole, window: Window, view: str) -> None:
    """Signed out in another tab: no view stays as if somebody were signed in."""
    page = window.open(f"#report={installation.report['run']}" if view == "report" else f"#{view}")
    expect(page.locator("#operator-name")).to_be_visible(timeout=PATIENCE_MS)

    page.context.clear_cookies()

    expect(page.locator("#code")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(f"#{view}")).to_be_hidden()


def test_a_late_drawing_does_not_replace_the_next_one(window: Window) -> None:
    """Whom "Erase this contributor" is about is the drawing that was opened last."""
    late: list[Route] = []
    window.page.route("**/api/v1/doodles/*-*", lambda route: route.continue_() if late else late.append(route))
    page = window.open("#doodles")
    page.locator("#doodles .drawing").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.doodle")).to_contain_text("Loading")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    facts = page.locator("dialog.doodle .facts")
    facts.wait_for()
    facts.evaluate("facts => { facts.dataset.mark = 'second'; }")

    with page.expect_response("**/api/v1/doodles/*-*"):
        late[0].continue_()
    page.wait_for_timeout(200)

    expect(facts).to_have_attribute("data-mark", "second")
