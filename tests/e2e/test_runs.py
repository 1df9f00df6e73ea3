"""The runs on the operator's page, in a real browser: ordered, watched, written about, stopped and compared."""

import re
from collections.abc import Iterator
from random import Random

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.installation import post_all
from doodle_testing.pages import keep_screenshot
from doodle_testing.stack import Stack, is_worker_idle, running_stack, wait_until
from doodle_testing.windows import PATIENCE_MS

START_SECONDS = 120
"""For the stack's own worker, which loads TensorFlow first."""

TRAINING_SECONDS = 120
"""A short run, on a machine that does other things at the same time."""

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation with drawings to train on, which nothing but an operator starts."""
    home = tmp_path_factory.mktemp("runs") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="100000") as running:
        post_all(running, generate_doodles(LABEL_SET, 600, Random(5)))
        wait_until(lambda: is_worker_idle(running), START_SECONDS, running)
        yield running


@pytest.fixture(scope="module")
def finished(stack: Stack) -> list[str]:
    """The keys of two short runs that have come to their end; the second one has learnt for longer."""
    with stack.operator as client:
        keys = [order_over_http(client, "a short one", 2), order_over_http(client, "a longer one", 12)]
        for key in keys:
            wait_until(lambda: has_finished(client, key), TRAINING_SECONDS, stack)  # noqa: B023 - called at once
    return keys


def order_over_http(client: httpx.Client, reason: str, epochs: int) -> str:
    """Order a small network from first weights; gives the run's key."""
    told = {"network_args": {"dropout": 0.2}, "train_args": {"epochs": epochs, "batch_size": 16}, "reason": reason}
    answer = client.post("/api/v1/train", json={"dataset": "users", "network": "mlp", **told})
    return str(answer.json()["key"])


def has_finished(client: httpx.Client, key: str) -> bool:
    return bool(client.get(f"/api/v1/train/{key}").json()["state"] == "finished")


def open_runs(stack: Stack, context: BrowserContext, address: str = "#runs") -> Page:
    page = context.new_page()
    page.goto(f"{stack.url}/console.html{address}")
    return page


def order_run(page: Page, reason: str, **told: str) -> str:
    """Order a run of our own network from first weights through the form; gives its key."""
    page.locator("[data-action=order]").click()
    page.locator("#runs-order-scratch").check()
    page.locator("#runs-order-dataset").select_option("users")
    page.locator("#runs-order-network").select_option("doodlenet")
    page.locator("#runs-order-reason").fill(reason)
    for field, value in told.items():
        page.locator(f"#runs-order-{field.replace('_', '-')}").fill(value)
    page.get_by_role("button", name="Queue the run").click()
    page.wait_for_url(re.compile("#runs=[0-9a-f-]{36}$"))
    return page.url.split("=")[-1]


def run_page(page: Page, state: str) -> Locator:
    return page.locator(f"#runs .runs-page[data-state={state}]")


def count_points(page: Page) -> int:
    """Count the points of the loss's line."""
    script = "paths => Math.max(0, ...paths.map(path => path.getAttribute('d').split(/[ML]/).length - 1))"
    figure = page.locator(".curves .figure", has=page.get_by_role("heading", name="Loss", exact=True))
    return int(figure.locator("svg.chart path[class^='line-']").evaluate_all(script))


def wait_for_more_points(page: Page, than: int) -> int:
    """Wait until the loss's line has more points."""
    wait_until(lambda: count_points(page) > than, 60)
    return count_points(page)


def test_a_runs_life(stack: Stack, finished: list[str], context: BrowserContext) -> None:
    """A run is ordered, its curves grow before one's eyes, its notes stay, it stops when told; others are compared."""
    page = open_runs(stack, context)
    refuse_what_cannot_be(page)

    first = order_run(page, "how long a line gets", train_args_epochs="100", train_args_batch_size="8")

    run_page(page, "running").wait_for(timeout=PATIENCE_MS)
    seen = wait_for_more_points(page, 1)
    wait_for_more_points(page, max(seen, 8))
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#runs .facts").first).to_contain_text("learning rate")
    expect(page.locator(".log-lines li").first).to_be_visible(timeout=PATIENCE_MS)
    keep_picture(page, "runs-live")
    write_notes(page, "The line gets long.")
    page.locator("[data-action=cancel]").click()
    run_page(page, "cancelled").wait_for(timeout=PATIENCE_MS)
    expect(page.locator("[data-action=cancel]")).to_be_hidden()

    read_to_the_end(page, finished[0])
    compare(page, first, *finished)


def refuse_what_cannot_be(page: Page) -> None:
    """What is out of bounds stands beside its field, and nothing is queued."""
    page.locator("[data-action=order]").click()
    page.locator("#runs-order-scratch").check()
    page.locator("#runs-order-train-args-epochs").fill("0")
    page.get_by_role("button", name="Queue the run").click()
    field = page.locator('[data-field="train_args.epochs"]')
    expect(field.locator(".error")).to_contain_text("It goes from 1 to")
    expect(field.locator("input")).to_be_focused()
    page.locator("[data-action=order]").click()
    expect(page.locator("#runs-ordering")).to_be_hidden()


def write_notes(page: Page, words: str) -> None:
    """Notes are saved when one leaves them, and there when one comes back."""
    page.locator("#runs-notes-text").fill(words)
    expect(page.locator("#runs-notes-state")).to_have_text("Not saved yet.")
    page.locator("#runs-notes-text").blur()
    expect(page.locator("#runs-notes-state")).to_have_text("Saved.", timeout=PATIENCE_MS)
    page.reload()
    expect(page.locator("#runs-notes-text")).to_have_value(words, timeout=PATIENCE_MS)


def read_to_the_end(page: Page, key: str) -> None:
    """A run that has ended has a verdict, measures, a report; and what was held back of it, by epoch."""
    page.goto(f"{page.url.split('#')[0]}#runs={key}")
    run_page(page, "finished").wait_for(timeout=PATIENCE_MS)
    expect(page.locator("#runs .verdict")).to_be_visible()
    expect(page.locator("#runs .report-link")).to_have_attribute("href", f"#report={key}")
    expect(page.get_by_role("row", name=re.compile("^Test"))).to_be_visible()
    page.locator("#runs-curves-by").select_option("epoch")
    expect(page.locator(".curves .legend").first).to_contain_text("held back", timeout=PATIENCE_MS)
    page.locator("#runs-log-level").select_option("error")
    expect(page.locator(".log-lines li[data-level=info]")).to_have_count(0)


def compare(page: Page, stopped: str, short: str, long: str) -> None:
    """Those that are ticked in the list share a chart; what differs is told, and who was best."""
    page.locator("#navigation a[href='#runs']").click()
    page.get_by_role("button", name="Accuracy").click()
    expect(page.locator("th[data-by=accuracy]")).to_have_attribute("aria-sort", "descending")
    expect(page.locator("#runs tbody tr").last).to_have_attribute("data-run", stopped, timeout=PATIENCE_MS)
    for key in (stopped, short, long):
        page.locator(f'#runs tr[data-run="{key}"] input').check()
    page.locator("[data-action=compare]").click()
    page.wait_for_url(re.compile("#runs&compare="))
    legend = page.locator(".curves .legend").first
    expect(legend.locator("li")).to_have_count(3, timeout=PATIENCE_MS)
    page.get_by_role("button", name=f"Leave run {stopped[:8]} out").click()
    page.get_by_role("row", name=re.compile("^Epochs 2 12")).wait_for(timeout=PATIENCE_MS)
    expect(legend.locator("li")).to_have_count(2, timeout=PATIENCE_MS)
    expect(page.get_by_role("row", name=re.compile("^Network"))).to_have_count(0)
    expect(page.get_by_role("row", name=re.compile("^Train: log-loss")).locator("td").last).to_have_class("wins")
    expect(page.locator(".confusions svg.chart")).to_have_count(2, timeout=PATIENCE_MS)
    page.locator("#runs-curves-smooth").fill("0.8")
    expect(page.locator(".curves .figure").first.locator("path[class^='line-'].faint")).to_have_count(2)
    keep_picture(page, "runs-compared")


def keep_picture(page: Page, name: str) -> None:
    """For the documentation: without what was said last."""
    page.locator("#notice").evaluate("notice => { notice.hidden = true; }")
    keep_screenshot(page, name, whole=True)


@pytest.mark.usefixtures("finished")
@pytest.mark.parametrize("context", [("desktop", "light"), ("phone", "dark")], indirect=True, ids="-".join)
def test_runs_on_every_screen(request: pytest.FixtureRequest, stack: Stack, context: BrowserContext) -> None:
    """On a desk in the light, and on a phone in the dark: the list, what is looked for in it, and one run."""
    page = open_runs(stack, context, "#runs&q=nothing+like+it")
    expect(page.locator("#runs table")).to_have_attribute("data-empty", "No run is like that.", timeout=PATIENCE_MS)
    page.locator("#runs-filter-q").fill("a short one")
    expect(page.locator("#runs tr[data-run]")).to_have_count(1, timeout=PATIENCE_MS)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    keep_screenshot(page, f"runs-{request.node.callspec.id}", whole=True)
    page.locator("#runs tr[data-run] a.title").click()
    run_page(page, "finished").wait_for()
    expect(page.locator("#runs h1")).to_be_focused()
    expect(page.locator(".curves svg.chart").first).to_be_visible(timeout=PATIENCE_MS)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    keep_screenshot(page, f"run-{request.node.callspec.id}", whole=True)


@pytest.mark.parametrize("address", ["#runs=00000000-0000-4000-8000-000000000000", "#runs&compare=x"])
def test_an_address_of_no_run(stack: Stack, context: BrowserContext, address: str) -> None:
    """It says so, and leads back to the list."""
    page = open_runs(stack, context, address)

    expect(page.locator("#runs .error").first).to_contain_text("no run", timeout=PATIENCE_MS)
    page.get_by_role("link", name="All runs").click()
    expect(page.locator("#runs table")).to_be_visible()
