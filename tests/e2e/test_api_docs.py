"""The page at /api/docs: what the HTTP API says of itself, read and tried in a real browser."""

import pytest
from playwright.sync_api import BrowserContext, expect

from doodle_testing.pages import keep_screenshot
from doodle_testing.seeded_console import SeededConsole

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def cookies(signed_in: list[object]) -> list[object]:
    """Of the installation's operator."""
    return signed_in


@pytest.mark.parametrize("context", [("desktop", "light"), ("phone", "dark")], indirect=True)
def test_a_route_is_read_and_tried(
    installation: SeededConsole, context: BrowserContext, request: pytest.FixtureRequest
) -> None:
    """Every route stands there; an operator's one answers a browser that has signed in; nobody else is asked."""
    address = installation.stack.url
    elsewhere: list[str] = []
    context.on(
        "request", lambda asked: None if asked.url.startswith((address, "data:")) else elsewhere.append(asked.url)
    )
    page = context.new_page()

    page.goto(f"{address}/api/docs")

    route = page.locator("#operations-deployments-deployments_show_history")
    route.locator(".opblock-summary-control").click()
    route.get_by_role("button", name="Try it out").click()
    route.get_by_role("button", name="Execute").click()
    expect(route.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(route.locator(".live-responses-table")).to_contain_text("deployments")
    document = context.request.get(f"{address}/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert page.locator(".opblock").count() == sum(len(methods) for methods in document["paths"].values())
    assert elsewhere == []
    keep_screenshot(page, f"api-docs-{'-'.join(request.node.callspec.params['context'])}")
