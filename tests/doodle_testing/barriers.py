"""Barriers for people in pages, looked for by axe-core and by rules of our own."""

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

MIN_TARGET_PX = 44
"""Of what a finger is to hit. Source: WCAG 2.1, success criterion 2.5.5."""

_FIND_VIOLATIONS = """async ([rules, exclude]) => {
    const found = await axe.run({ include: [["html"]], exclude: exclude.map(selector => [selector]) },
        { runOnly: rules, resultTypes: ["violations"] });
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
        `${id}: ${target.join(" ")}: ${failureSummary}`));
}"""

_FIND_SMALL_TARGETS = """minimum => {
    const pressed = document.querySelectorAll("button, a[href], input, select, summary, [role=button]");
    const seen = { visibilityProperty: true, opacityProperty: true };
    const isSmall = ({ width, height }) => width > 0 && (width < minimum - 0.5 || height < minimum - 0.5);
    return [...pressed].filter(element => element.checkVisibility(seen) && !element.disabled)
        .map(element => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
        .filter(({ box }) => isSmall(box))
        .map(({ element, box }) => `${element.tagName} ${element.id || element.textContent.trim()}: `
            + `${box.width.toFixed(0)} x ${box.height.toFixed(0)}`);
}"""


def find_violations(page: Page, *, exclude: tuple[str, ...] = ()) -> list[str]:
    """
    Ask axe-core what keeps people out of the page as it stands now.

    Args:
        page: the page.
        exclude: selectors of markup that is not ours.

    Returns:
        A line for each element that breaks a rule at two looks in a row: a page that is just filling itself may enable
        a button between axe-core's reading of its state and of its colours.
    """
    return _ask_axe(page, {"type": "tag", "values": RULES}, exclude)


def find_faint_words(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    """List what stands out too little in a theme; all else that axe-core asks is the same in every theme."""
    page.emulate_media(color_scheme=scheme)
    return _ask_axe(page, {"type": "rule", "values": ["color-contrast"]}, ())


def _ask_axe(page: Page, rules: dict[str, Any], exclude: tuple[str, ...]) -> list[str]:
    _finish_motion(page)
    if not page.evaluate("'axe' in window"):
        # Not as a script element: the pages' content security policy would refuse it.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_FIND_VIOLATIONS, [rules, list(exclude)])
    again: list[str] = page.evaluate(_FIND_VIOLATIONS, [rules, list(exclude)]) if found else []
    page.emulate_media(reduced_motion="no-preference")
    return [each for each in again if each in found]


def find_small_targets(page: Page) -> list[str]:
    """List what can be pressed and is smaller than a fingertip."""
    found: list[str] = page.evaluate(_FIND_SMALL_TARGETS, MIN_TARGET_PX)
    return found


def needs_sideways_scrolling(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def focused_element(page: Page) -> dict[str, Any]:
    """Describe what has the focus: its id or words, and how wide a line is drawn around it, in CSS px."""
    described: dict[str, Any] = page.evaluate("""() => {
        const element = document.activeElement, style = getComputedStyle(element);
        const around = element.closest("label") ? getComputedStyle(element.closest("label")) : style;
        const width = each => each.outlineStyle === "none" ? 0 : parseFloat(each.outlineWidth);
        return { name: element.id || element.textContent.trim(), tag: element.tagName,
                 outline: Math.max(width(style), width(around)) };
    }""")
    return described


def _finish_motion(page: Page) -> None:
    """End what moves, and let nothing begin: a colour on its way from one to another is nobody's barrier."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("""() => document.getAnimations()
        .filter(each => Number.isFinite(each.effect.getComputedTiming().endTime)).forEach(each => each.finish())""")
