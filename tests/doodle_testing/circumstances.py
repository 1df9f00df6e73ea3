"""What happens to a draw page that has no network, two builds, or a browser that lacks something."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from doodle_cli.programs import find_node
from doodle_testing.page_site import PageSite
from doodle_testing.pages import draw_on
from doodle_testing.real_drawings import InkStrokes
from doodle_testing.stack import wait_until

SERVICE_WORKER_SCRIPT = Path(__file__).parents[2] / "frontend" / "scripts" / "service_worker.mjs"
PATIENCE_MS = 20_000
"""For what takes a moment on a machine that does other things at the same time."""

ZIGZAG: InkStrokes = [[[20, 60, 100, 140, 180, 220], [30, 200, 40, 210, 60, 190]]]
SPIRAL: InkStrokes = [[[128, 200, 128, 60, 128, 180, 128, 90], [20, 128, 220, 128, 60, 128, 180, 128]]]


def open_page(context: BrowserContext, site: PageSite) -> Page:
    """Open the draw page and wait until it asks for a drawing."""
    page = context.new_page()
    page.goto(site.url)
    wait_for_phase(page, "drawing")
    return page


def wait_for_phase(page: Page, phase: str) -> None:
    """Wait until the page is where it says it is."""
    expect(page.locator(f".stage[data-phase={phase}]")).to_be_attached(timeout=PATIENCE_MS)


def draw_and_be_guessed(page: Page, strokes: InkStrokes = ZIGZAG) -> None:
    """Draw until a guess is shown."""
    draw_on(page, strokes)
    expect(page.locator("#guesses li[data-label]").first).to_be_visible(timeout=PATIENCE_MS)


def finish(page: Page) -> None:
    """Press Done, wait for what came of it, and go on."""
    press_done(page)
    page.locator("#next").click()
    wait_for_phase(page, "drawing")


def press_done(page: Page) -> None:
    """Press Done and wait for what came of it."""
    page.locator("#done").click()
    wait_for_phase(page, "done")


def be_kept(page: Page) -> None:
    """Draw, so that the page is kept, and wait until it and its model are."""
    draw_and_be_guessed(page)
    wait_until_told(
        page,
        """async () => navigator.serviceWorker.controller?.state === "activated"
            && (await caches.match("/.build")) !== undefined
            && (await caches.match("/api/v1/models/live")) !== undefined""",
    )
    page.locator("#clear").click()


def wait_until_told(page: Page, script: str, argument: object = None) -> None:
    """
    Ask the page again and again until it says yes.

    Unlike Playwright's `wait_for_function`, to which a promise is a yes, it waits for what the promise gives.

    Args:
        page: where.
        script: a function, asynchronous or not, that gives a boolean.
        argument: what it is given.
    """
    wait_until(lambda: page.evaluate(script, argument) is True, PATIENCE_MS / 1000)


def release(pages: Path, mark: str) -> None:
    """
    Turn built pages into another build, as a release does: what has a hash in its name is gone under its old one.

    Args:
        pages: a folder of built pages.
        mark: what stands in the new page's head, and in the names of its scripts.
    """
    index = pages / "index.html"
    html = index.read_text(encoding="utf-8")
    scripts = {path.name: f"{path.stem[:-1]}{mark}.js" for path in (pages / "assets").glob("*.js")}
    for path in (pages / "assets").glob("*.js"):
        content = path.read_text(encoding="utf-8")
        for old, new in scripts.items():
            content = content.replace(old, new)
        (path.parent / scripts[path.name]).write_text(content, encoding="utf-8")
        path.unlink()
    for old, new in scripts.items():
        html = html.replace(old, new)
    index.write_text(html.replace("<head>", f'<head><meta name="build" content="{mark}">'), encoding="utf-8")
    subprocess.run([find_node(), SERVICE_WORKER_SCRIPT, pages], check=True)


@contextmanager
def without_network(context: BrowserContext) -> Iterator[None]:
    """Take a browser's network away until the block ends."""
    context.set_offline(True)
    yield
    context.set_offline(False)


def copy_pages(source: Path, folder: Path) -> Path:
    """Copy built pages to where they may be changed."""
    return Path(shutil.copytree(source, folder / "pages"))
