"""A search on the operator's page, in a real browser: dropped as a file, done by two workers, one of them killed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import create_engine, text

from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import post_all
from doodle_testing.pages import keep_screenshot
from doodle_testing.paper_trials import score
from doodle_testing.stack import Stack, is_worker_idle, running_stack, wait_until
from doodle_testing.training_server import running_worker
from doodle_testing.windows import PATIENCE_MS, SCHEMES, SIZES

START_SECONDS = 120
"""For the stack's own worker, which loads TensorFlow before it can be asked to stop."""

GRID = {"NETWORK": "mlp", "EPOCHS": 2, "LEARNING_RATE": [0.0005, 0.001, 0.002, 0.004], "FIRST_UNITS": [32, 64]}
BEST = {"LEARNING_RATE": 0.004, "FIRST_UNITS": 64}

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation whose own worker rests: the tests bring theirs."""
    home = tmp_path_factory.mktemp("searches") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="100000") as running:
        post_all(running, generate_doodles(LABEL_SET, 60, Random(5)))
        wait_until(lambda: is_worker_idle(running), START_SECONDS, running)
        with running.operator as client:
            assert client.post("/api/v1/workers/worker-1/stop", json={}).status_code == 202
        wait_until(lambda: not is_worker_idle(running), START_SECONDS, running)
        yield running


def open_searches(stack: Stack, context: BrowserContext) -> Page:
    """Open the view; it shows what would be searched."""
    page = context.new_page()
    page.goto(f"{stack.url}/console.html#searches")
    expect(start_button(page)).to_be_enabled(timeout=PATIENCE_MS)
    return page


def start_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Start the search")


def drop(page: Page, name: str, content: object) -> None:
    """Drop a file on the page, as from a folder beside the browser."""
    script = """([name, text]) => {
        const files = new DataTransfer();
        files.items.add(new File([text], name, {type: "application/json"}));
        const event = (kind) => new DragEvent(kind, {dataTransfer: files, bubbles: true, cancelable: true});
        document.querySelector("h1").dispatchEvent(event("dragover"));
        document.querySelector("h1").dispatchEvent(event("drop"));
    }"""
    page.evaluate(script, [name, json.dumps(content)])


def shown_value(page: Page, name: str) -> Locator:
    """Find what the configuration that is shown says of a property."""
    return page.locator(f'#searches .search-new [data-property="{name}"] td')


def trial(page: Page, state: str) -> Locator:
    return page.locator(f'#searches tr[data-state="{state}"]')


def ask(stack: Stack, path: str) -> dict[str, Any]:
    with stack.operator as client:
        return dict(client.get(f"/api/v1/{path}").json())


def key_of(page: Page) -> str:
    """Read from the address which search the page shows."""
    page.wait_for_url("**#searches=*")
    return page.url.split("=")[-1]


def start_search(page: Page, configuration: object) -> str:
    """Start a search as a file says; gives its key."""
    drop(page, "grid.json", configuration)
    expect(page.locator("#searches-taken")).to_contain_text("Taken from grid.json", timeout=PATIENCE_MS)
    start_button(page).click()
    return key_of(page)


SILENCE = (
    "UPDATE workers SET heartbeat_at = heartbeat_at - interval '1 min' WHERE name = :worker",
    "UPDATE runs SET heartbeat_at = heartbeat_at - interval '1 min' WHERE worker = :worker AND state = 'running'",
    """UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 min'
       WHERE id IN (SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing')""",
)
"""Of a worker that was killed over the only job that is being worked on, and of that job."""


def lose(stack: Stack, worker: str) -> None:
    """Let the time go by after which a silent worker counts as lost."""
    engine = create_engine(stack.database_url)
    with engine.begin() as connection:
        for statement in SILENCE:
            connection.execute(text(statement), {"worker": worker} if ":worker" in statement else {})
    engine.dispose()


def test_a_file_is_dropped(stack: Stack, context: BrowserContext) -> None:
    """What it names changes, what it leaves out stays; what is wrong with it is told by name, and nothing changes."""
    page = open_searches(stack, context)
    drop(page, "grid.json", {"EPOCHS": 5, "SEED": [1, 2, 3]})
    expect(shown_value(page, "EPOCHS")).to_have_text("5")
    drop(page, "wrong.json", {"EPOCHZ": 1, "BATCH_SIZE": "many", "SEED": 9})
    faults = page.locator("#searches-faults li")
    expect(faults).to_have_count(2)
    for name in ("EPOCHZ", "BATCH_SIZE"):
        expect(page.locator(f'#searches-faults [data-property="{name}"]')).to_contain_text(name)
    expect(page.locator("#searches-taken")).to_have_text("Not taken from wrong.json; nothing has changed.")
    keep_screenshot(page, "searches-refused")

    drop(page, "more.json", {"LEARNING_RATE": [0.001, 0.002]})

    expect(shown_value(page, "LEARNING_RATE")).to_have_text("0.001 \N{MIDDLE DOT} 0.002")
    expect(shown_value(page, "SEED")).to_have_text("1 \N{MIDDLE DOT} 2 \N{MIDDLE DOT} 3")
    expect(shown_value(page, "EPOCHS")).to_have_text("5")
    expect(faults).to_have_count(0)
    expect(page.locator("[data-part=amount]")).to_contain_text("6 combinations, about ")
    page.get_by_text("Parameters of each").click()
    expect(page.get_by_role("region", name="Parameters of each").locator("tbody tr")).to_have_count(6)


def test_what_is_typed_is_checked(stack: Stack, context: BrowserContext) -> None:
    """No search starts from a text that means none; only sampling takes ranges; a look elsewhere loses nothing."""
    page = open_searches(stack, context)
    text_field = page.get_by_label("Configuration", exact=True)

    text_field.fill('{"LEARNING_RATE": {"min": 0.0001, "max": 0.1, "log": true}')
    expect(page.locator("#searches-faults")).to_contain_text("It is no JSON")
    expect(start_button(page)).to_be_disabled()
    text_field.fill('{"LEARNING_RATE": {"min": 0.0001, "max": 0.1, "log": true}}')
    expect(page.locator("#searches-faults")).to_contain_text("A grid has no ranges")
    page.get_by_label("Method").select_option("tpe")
    page.get_by_label("Trials", exact=True).and_(page.get_by_role("spinbutton")).fill("12")

    expect(page.locator("[data-part=amount]")).to_contain_text("12 trials, about ")
    expect(start_button(page)).to_be_enabled()
    page.get_by_role("link", name="Labels").click()
    expect(page.locator("#labels")).to_be_visible()
    page.go_back()
    expect(page.locator("[data-part=amount]")).to_contain_text("12 trials, about ")
    expect(text_field).to_have_value(re.compile('"max": 0.1, "log": true'))


def test_a_search_over_two_workers_one_of_them_killed(
    stack: Stack, context: BrowserContext, browser: Browser, cookies: list[Any], tmp_path: Path
) -> None:
    """Eight trials, all seen through the page: the killed worker's is tried again, each ends once; the best goes on."""
    page = open_searches(stack, context)
    key = start_search(page, GRID)
    expect(trial(page, "waiting")).to_have_count(8, timeout=PATIENCE_MS)
    paper = {"module": "doodle_testing.paper_trials"}
    holding = {**paper, "PAPER_HOST": "a", "PAPER_HOLD": "yes"}
    with (
        running_worker(stack.database_url, tmp_path / "1", name="colab-1", **holding) as first,
        running_worker(stack.database_url, tmp_path / "2", name="colab-2", PAPER_HOST="b", **paper),
    ):
        held = trial(page, "running").filter(has_text="colab-1")
        expect(held).to_contain_text("step 1 of 2", timeout=PATIENCE_MS)
        expect(trial(page, "finished")).to_have_count(7, timeout=PATIENCE_MS)
        number = held.get_attribute("data-trial")
        expect(page.locator("#searches .search-standing")).to_contain_text("8 trials: 7 finished, 1 running")
        keep_screenshot(page, "searches-running", whole=True)

        first.kill()
        lose(stack, "colab-1")

        again = page.locator(f'#searches tr[data-trial="{number}"]')
        expect(again).to_contain_text("colab-2", timeout=PATIENCE_MS)
        expect(again).to_contain_text("attempt 2")
        expect(trial(page, "finished")).to_have_count(8, timeout=PATIENCE_MS)
    found = ask(stack, f"search/{key}/trials")["trials"]
    assert sorted((each["state"], each["attempt"]) for each in found) == [("finished", 1)] * 7 + [("finished", 2)]
    assert len({json.dumps(each["params"], sort_keys=True) for each in found}) == 8
    expect(page.locator("#searches .search-standing .state")).to_have_text("finished")
    best = f"{score(BEST) * 100:.1f}\N{NO-BREAK SPACE}%"
    expect(page.locator("#searches tr.live")).to_contain_text(best)
    look_at_all_sizes(stack, browser, cookies, key)

    page.get_by_role("link", name=f"Curves of trial {number}").click()
    expect(page.locator("#runs")).to_contain_text("colab-2", timeout=PATIENCE_MS)
    page.go_back()
    page.get_by_role("button", name="Make the best a candidate").click()
    page.locator("#reason-text").fill("It was the best.")
    page.locator("#reason [type=submit]").click()

    expect(page.locator("#notice")).to_have_text("A run is ordered; it stands under Runs.", timeout=PATIENCE_MS)
    ordered = next(run for run in ask(stack, "train")["runs"] if run["kind"] == "scratch")
    assert (ordered["train_args"]["learning_rate"], ordered["network_args"]["first_units"]) == tuple(BEST.values())


def look_at_all_sizes(stack: Stack, browser: Browser, cookies: list[Any], key: str) -> None:
    """On a desk and on a phone, in the light and in the dark; the map has a value a cell, and is a table, too."""
    for size, scheme in [(size, scheme) for size in SIZES for scheme in SCHEMES]:
        context = browser.new_context(**SIZES[size], **SCHEMES[scheme])
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(f"{stack.url}/console.html#searches={key}")
        figure = page.get_by_role("region", name="Accuracy by what was tried")
        expect(figure.locator(".heat-words")).to_have_count(8, timeout=PATIENCE_MS)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        keep_screenshot(page, f"searches-{size}-{scheme}", whole=True)
        figure.get_by_role("img").focus()
        page.keyboard.press("End")
        expect(figure.get_by_role("status")).to_contain_text(f"{score(BEST) * 100:.1f}")
        figure.locator("[data-action=table]").click()
        expect(figure.locator("tbody tr")).to_have_count(8)
        with page.expect_download() as saved:
            figure.locator("[data-action=csv]").click()
        assert saved.value.path().read_text().splitlines()[0] == "trial,FIRST_UNITS,LEARNING_RATE,accuracy"
        context.close()


def test_a_search_is_stopped_resumed_and_extended(stack: Stack, context: BrowserContext) -> None:
    """From the page; what was stopped waits, and more values are more trials."""
    page = open_searches(stack, context)
    start_search(page, {**GRID, "LEARNING_RATE": [0.001, 0.002], "FIRST_UNITS": 32})
    standing = page.locator("#searches .search-standing")
    expect(trial(page, "waiting")).to_have_count(2, timeout=PATIENCE_MS)

    page.get_by_role("button", name="Stop").click()
    expect(standing).to_contain_text("2 put off", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Resume").click()
    expect(standing).to_contain_text("2 waiting", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Extend").click()
    page.get_by_label("More values").fill('{"LEARNING_RATE": [0.003, "fast"]}')
    page.get_by_role("button", name="Extend", exact=True).click()
    expect(page.locator("dialog[open] .faults")).to_contain_text("LEARNING_RATE")
    page.get_by_label("More values").fill('{"LEARNING_RATE": [0.003]}')
    page.get_by_role("button", name="Extend", exact=True).click()

    expect(standing).to_contain_text("3 trials: 3 waiting", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Stop").click()
    expect(standing).to_contain_text("3 put off", timeout=PATIENCE_MS)
    page.get_by_role("link", name="All searches").click()
    expect(page.locator("#searches .search-list tr[data-search]").first).to_contain_text("stopped")
