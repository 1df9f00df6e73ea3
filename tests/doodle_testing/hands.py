"""What hands, pens and their tails do on the pad, as the browser tells of it."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import CDPSession, Page

Point = tuple[float, float]
"""Of the pad: 0..1 to the right, 0..1 downwards."""

TOUCH = """(pad, events) => {
  const frame = pad.getBoundingClientRect();
  const place = ([x, y]) => ({clientX: frame.left + x * frame.width, clientY: frame.top + y * frame.height});
  const make = ({type, at, predicted = [], ...more}) => new PointerEvent(type, {
    bubbles: true, cancelable: true, isPrimary: true, pointerId: 7, pointerType: "touch", width: 30, height: 30,
    button: type === "pointermove" ? -1 : 0, buttons: type === "pointerup" ? 0 : 1, ...more, ...place(at),
    predictedEvents: predicted.map((each) => new PointerEvent(type, {pointerType: "pen", ...place(each)})),
  });
  for (const event of events) pad.dispatchEvent(make(event));
}"""
"""All in one task: whatever the machine does meanwhile, no time passes between them."""


INK = """canvas => {
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let num = 0;
  for (let index = 3; index < data.length; index += 4) num += data[index] > 127;
  return num / (canvas.width * canvas.height);
}"""
"""Which share of a canvas is inked."""


def touch_pad(page: Page, events: Sequence[dict[str, Any]]) -> None:
    """
    Send pointer events, all at once.

    Args:
        page: with a pad.
        events: `type` and `at`, a point of the pad, and what `PointerEvent` takes besides; of a finger, unless told.
    """
    page.locator("#pad").evaluate(TOUCH, list(events))


def stroke_of(points: Sequence[Point], **more: object) -> list[dict[str, Any]]:
    """Write down a stroke: down at the first point, up at the last."""
    first, *others = points
    moves = [{"type": "pointermove", "at": point, **more} for point in others]
    return [
        {"type": "pointerdown", "at": first, **more},
        *moves,
        {"type": "pointerup", "at": points[-1], **more},
    ]


def press_pen(page: Page, points: Sequence[Point], forces: Sequence[float]) -> None:
    """Draw a stroke with a real pen, as far as the browser knows, that presses so hard at each point (0..1)."""
    session = page.context.new_cdp_session(page)
    places = _places(page, points)
    for number, (place, force) in enumerate(zip(places, forces, strict=True)):
        _send_pen(session, "mousePressed" if number == 0 else "mouseMoved", place, force)
    _send_pen(session, "mouseReleased", places[-1], 0)
    session.detach()


def _send_pen(session: CDPSession, kind: str, place: Point, force: float) -> None:
    button = {"button": "left", "buttons": 0 if kind == "mouseReleased" else 1, "clickCount": 1}
    session.send(
        "Input.dispatchMouseEvent",
        {"type": kind, "x": place[0], "y": place[1], "pointerType": "pen", "force": force, **button},
    )


def draw_with_finger(page: Page, points: Sequence[Point]) -> None:
    """Draw a stroke with a finger on a screen that can be touched."""
    session = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(_places(page, points)):
        kind = "touchStart" if number == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y, "radiusX": 12}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def draw_with_mouse(page: Page, points: Sequence[Point]) -> None:
    """Draw a stroke with a mouse."""
    places = _places(page, points)
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()


def _places(page: Page, points: Sequence[Point]) -> list[Point]:
    """In CSS px of the window."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def ink_on(page: Page, selector: str = "#pad") -> float:
    """Which share of the paper is inked: of ink that has set, unless the wet ink is asked for."""
    return float(page.locator(selector).evaluate(INK))


def wait_for_ink(page: Page, share: float) -> None:
    """Wait until so much of the paper is inked, give or take a thousandth: steps are painted with the next frame."""
    page.locator("#pad").evaluate(
        f"""async (pad, share) => {{
          const ink = {INK};
          for (let frame = 0; frame < 300 && Math.abs(ink(pad) - share) > 0.001; frame += 1) {{
            await new Promise(requestAnimationFrame);
          }}
        }}""",
        share,
    )
    assert abs(ink_on(page) - share) <= 0.001
