"""`docker compose up --build`: the whole story in containers, through nginx, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from doodle_testing.compose import ComposeStack, Load, docker
from doodle_testing.installation import latest_run, live_version, post_all
from doodle_testing.material import Material, recognisable
from doodle_testing.pages import draw_on, prompt_for, wait_for_version
from doodle_testing.stack import wait_until

TRAINING_SECONDS = 300
COMEBACK_SECONDS = 60
NGINX = "http://nginx:8080"


@pytest.fixture
def page(browser: Browser, stack: ComposeStack) -> Iterator[Page]:
    """The draw page."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    opened.goto(stack.url)
    yield opened
    context.close()


@pytest.mark.timeout(1_200)
def test_the_loop_closes_in_containers(stack: ComposeStack, page: Page, material: Material) -> None:
    """Draw, store, train on two workers, publish, swap; restarts and a whole down and up lose nothing."""
    first_version = live_version(stack)
    wait_for_version(page, first_version)
    store_a_drawing(page, material, "cat")
    open_console(page, stack)

    scale(stack, "worker", 2)
    wait_until(lambda: len(workers(stack, "idle")) == 2, TRAINING_SECONDS)
    train(stack, material)
    second_version = live_version(stack)
    assert second_version != first_version
    wait_for_version(page, second_version)

    restart_one_after_another(stack, "model_server", f"{stack.url}/api/v1/stats")
    restart_one_after_another(stack, "training_server", f"{stack.url}/readyz")
    restart_a_worker(stack)
    restart_the_database(stack)
    restart_nginx(stack)
    assert "it is stored, and counted" in stack.execute("training_server", "doodle", "smoke", "--url", NGINX)
    page.locator("#next").click()
    store_a_drawing(page, material, "fish")

    before = num_doodles(stack)
    stack.compose("down")
    stack.compose("up", "--detach", "--wait")
    assert (num_doodles(stack), live_version(stack)) == (before, second_version)
    page.locator("#next").click()
    store_a_drawing(page, material, "bird")
    assert num_doodles(stack) == before + 1


def store_a_drawing(page: Page, material: Material, label: str) -> None:
    """Draw what the page asks for, see it guessed and stored."""
    prompt_for(page, label)
    draw_on(page, recognisable(material, label))
    expect(page.locator("#guesses li[data-label]").first).to_be_visible()
    page.locator("#done").click()
    expect(page.locator("#result")).to_contain_text(re.compile("stored", re.IGNORECASE), timeout=60_000)


def open_console(page: Page, stack: ComposeStack) -> None:
    """Sign in as docs/containers.md says, and see the versions."""
    link = stack.execute("model_server", "doodle", "sign-in").strip()
    assert link.startswith(stack.url), link
    console = page.context.new_page()
    console.goto(link)
    console.locator("[data-version]").first.wait_for()
    console.close()


def scale(stack: ComposeStack, service: str, number: int) -> None:
    stack.compose("up", "--detach", "--wait", "--no-recreate", "--scale", f"{service}={number}", service)


def workers(stack: ComposeStack, state: str) -> set[str]:
    """Give the names of the workers in a state."""
    with stack.operator as client:
        return {each["name"] for each in client.get("/api/v1/workers").json()["workers"] if each["state"] == state}


def train(stack: ComposeStack, material: Material) -> None:
    """Send enough doodles; a run is queued by itself and publishes."""
    post_all(stack, material.by_a_new_habit(250, seed=2))
    wait_until(lambda: latest_run(stack).get("state") == "finished", TRAINING_SECONDS)
    verdict = latest_run(stack)["verdict"]
    assert verdict["outcome"] == "published", verdict


def restart_one_after_another(stack: ComposeStack, service: str, url: str) -> None:
    """With a second container beside it, each can be restarted under load, and nobody notices."""
    scale(stack, service, 2)
    await_addresses(stack, 3)
    with Load(url) as load:
        for container in stack.containers(service):
            docker("restart", container["Id"])
            stack.await_health(service)
            await_addresses(stack, 3)
    assert set(load.answers) == {"200"}, load.answers
    scale(stack, service, 1)
    await_addresses(stack, 2)


def restart_a_worker(stack: ComposeStack) -> None:
    """Whoever draws does not depend on those who train."""
    with Load(f"{stack.url}/api/v1/stats") as load:
        restart(stack, "worker")
    assert set(load.answers) == {"200"}, load.answers


def restart_the_database(stack: ComposeStack) -> None:
    """Pages and models do not need it; what does says so, and works again by itself."""
    with Load(stack.url) as pages, Load(f"{stack.url}/api/v1/stats") as api:
        restart(stack, "db")
        stack.await_health("model_server")
    assert set(pages.answers) == {"200"}, pages.answers
    assert set(api.answers) <= {"200", "503"}, api.answers
    wait_until(lambda: num_doodles(stack) > 0, COMEBACK_SECONDS)


def restart_nginx(stack: ComposeStack) -> None:
    """There is one; while it is away nobody answers, but what is answered is right."""
    with Load(f"{stack.url}/api/v1/stats") as load:
        restart(stack, "nginx")
    assert {answer for answer in load.answers if answer.isdigit()} == {"200"}, load.answers
    await_addresses(stack, 2)


def restart(stack: ComposeStack, service: str) -> None:
    """Restart one container of a service, and wait until all of them are well."""
    docker("restart", stack.containers(service)[0]["Id"])
    stack.await_health(service)


def await_addresses(stack: ComposeStack, number: int) -> None:
    """Wait until nginx follows so many containers of both services."""
    count = ["sh", "-c", "wc -l < /tmp/addresses"]
    wait_until(lambda: stack.execute("nginx", *count).strip() == str(number), COMEBACK_SECONDS)


def num_doodles(stack: ComposeStack) -> int:
    with stack.client as client:
        return int(client.get("/api/v1/stats").json()["num_doodles"])
