"""
Make the icons of the installed page from public/favicon.svg: run by hand when that changes.

`.venv/bin/python frontend/scripts/make_icons.py`, with Chromium installed; what it writes is committed.
"""

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PUBLIC = Path(__file__).parents[1] / "public"
NUM_COLOURS = 32
"""Two colours and what lies between them: a palette keeps a file under 5 kB."""

ICONS = {"icon-192": (192, False), "icon-512": (512, False), "maskable-512": (512, True), "touch-180": (180, True)}
"""Name: side in px, and whether the system cuts its own shape out of it, so that it must reach to every edge."""


def main() -> None:
    """Write every icon."""
    drawing = (PUBLIC / "favicon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for name, (side_px, is_cut) in ICONS.items():
            picture = render(page, drawing.replace('rx="8"', 'rx="0"') if is_cut else drawing, side_px)
            write_small(picture, PUBLIC / "icons" / f"{name}.png")
        browser.close()


def render(page: Page, drawing: str, side_px: int) -> bytes:
    """
    Draw an SVG.

    Args:
        page: any page; its content is replaced.
        drawing: the SVG's text, square.
        side_px: of the picture.

    Returns:
        A PNG, transparent where nothing is drawn.
    """
    page.set_viewport_size({"width": side_px, "height": side_px})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block; width: {side_px}px }}</style>{drawing}")
    return page.screenshot(omit_background=True)


def write_small(picture: bytes, path: Path) -> None:
    """Write a PNG with a palette."""
    path.parent.mkdir(exist_ok=True)
    image = Image.open(io.BytesIO(picture)).convert("RGBA")
    image.quantize(NUM_COLOURS, method=Image.Quantize.FASTOCTREE).save(path, optimize=True)


if __name__ == "__main__":
    main()
