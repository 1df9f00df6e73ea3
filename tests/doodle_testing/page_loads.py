"""Visits to the draw page: how long until its first guess, and what came over the wire by then."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page

from doodle_testing.counted_wire import CountedWire

PATIENCE_MS = 30_000

DRAW_AT_ONCE = """(() => {
  const line = [[0.3, 0.3], [0.4, 0.5], [0.5, 0.3], [0.6, 0.6], [0.4, 0.7], [0.3, 0.5]];
  const draw = (pad) => {
    const frame = pad.getBoundingClientRect();
    const send = (type, [x, y], buttons) => pad.dispatchEvent(new PointerEvent(type, {
      bubbles: true, cancelable: true, isPrimary: true, pointerId: 1, pointerType: "mouse", buttons,
      button: type === "pointermove" ? -1 : 0,
      clientX: frame.left + x * frame.width, clientY: frame.top + y * frame.height}));
    send("pointerdown", line[0], 1);
    for (const point of line.slice(1)) send("pointermove", point, 1);
    send("pointerup", line[line.length - 1], 0);
  };
  const times = {};
  globalThis.loadTimes = times;
  const look = () => {
    const pad = document.getElementById("pad");
    if (!times.drawn && document.querySelector('.stage[data-phase="drawing"]')) {
      times.drawn = performance.now();
      queueMicrotask(() => draw(pad));
    }
    if (!times.guessed && document.querySelector("#guesses li")) times.guessed = performance.now();
    if (times.guessed) watch.disconnect();
  };
  const watch = new MutationObserver(look);
  watch.observe(document, {subtree: true, childList: true, attributes: true});
})()"""
"""Draws a stroke in the moment the page can be drawn on, and notes when, and when its first guess is there."""

READ_TIMES = "() => ({...loadTimes, origin: performance.timeOrigin})"

READ_FILES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map(({name, startTime, responseEnd, transferSize, encodedBodySize}) =>
    ({name: new URL(name).pathname, start: startTime, end: responseEnd, transferSize, encodedBodySize}))"""
"""What a page or a worker has asked for, and what of it came over the wire."""


@dataclass(frozen=True)
class Visit:
    """
    A visit until the first guess was on the page.

    Attributes:
        drawable_seconds: until somebody could draw, since the navigation began.
        guess_seconds: until the first guess was there.
        num_bytes: that had come over the wire by then, headers and all.
        files: what the page and its workers had asked for (READ_FILES).
    """

    drawable_seconds: float
    guess_seconds: float
    num_bytes: int
    files: list[dict[str, Any]]


def visit(context: BrowserContext, wire: CountedWire) -> tuple[Page, Visit]:
    """
    Open the draw page, draw as soon as that is possible, and wait for the first guess.

    Args:
        context: its cache is what decides what comes over the wire; anew for a first visit.
        wire: to the pages.

    Returns:
        The page, which the caller closes, and what came of it.
    """
    page = context.new_page()
    page.add_init_script(DRAW_AT_ONCE)
    page.goto(wire.url, wait_until="commit")
    page.wait_for_function("() => globalThis.loadTimes?.guessed", timeout=PATIENCE_MS)
    times = page.evaluate(READ_TIMES)
    began = times["origin"] / 1000
    guessed = began + times["guessed"] / 1000
    files = [*page.evaluate(READ_FILES), *(each for worker in page.workers for each in worker.evaluate(READ_FILES))]
    return page, Visit(
        drawable_seconds=times["drawn"] / 1000,
        guess_seconds=times["guessed"] / 1000,
        num_bytes=wire.count(since=began - 0.001, until=guessed + 0.001),
        files=files,
    )
