"""Charts as SVG: lines over two axes, named for those who cannot see them; colours are the page's."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 54, 12, 10, 38
"""Room around the plot, for the axes' numbers and names; all in units of the picture."""

NUM_COLOURS = 8
"""Classes line-0 to line-7 of the page's style; further lines begin again, dashed."""


@dataclass(frozen=True)
class Line:
    """
    One line of a chart.

    Attributes:
        name: for the legend.
        points: (x, y) in the axes' units; None is a gap.
    """

    name: str
    points: Sequence[tuple[float, float | None]]


@dataclass(frozen=True)
class Axis:
    """
    One axis.

    Attributes:
        name: with its unit.
        low, high: its ends; the same number twice is widened.
        ticks: where numbers stand.
    """

    name: str
    low: float
    high: float
    ticks: Sequence[float]

    def share(self, value: float) -> float:
        """Tell how far along the axis a value lies, in [0, 1] within its ends."""
        return (value - self.low) / ((self.high - self.low) or 1.0)


SHARE_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def share_axis(name: str) -> Axis:
    """Make an axis from 0 to 1."""
    return Axis(name, 0.0, 1.0, SHARE_TICKS)


def fit_axis(name: str, values: Sequence[float]) -> Axis:
    """Make an axis from 0 to the largest of some values, with four ticks."""
    high = max(values, default=1.0) or 1.0
    return Axis(name, 0.0, high, [high * share for share in SHARE_TICKS])


def draw_lines(title: str, x: Axis, y: Axis, lines: Sequence[Line], *, diagonal: bool = False) -> str:
    """
    Draw lines.

    Args:
        title: what the picture says, for those who cannot see it.
        x, y: the axes.
        lines: with their points in the axes' units.
        diagonal: whether to draw the line from corner to corner, which stands for chance or for honesty.
    """
    parts = [_draw_grid(x, y)]
    if diagonal:
        parts.append(f'<path class="diagonal" d="{_path(x, y, [(x.low, y.low), (x.high, y.high)])}"/>')
    parts += [_draw_line(index, line, x, y) for index, line in enumerate(lines)]
    legend = "".join(
        f'<li><svg viewBox="0 0 20 8" aria-hidden="true"><path class="{_class(index)}" d="M0 4H20"/></svg>'
        f"{escape(line.name)}</li>"
        for index, line in enumerate(lines)
    )
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'{"".join(parts)}</svg><ul class="legend">{legend}</ul>'
    )


def _draw_line(index: int, line: Line, x: Axis, y: Axis) -> str:
    known = [(at, value) for at, value in line.points if value is not None]
    dots = "".join(f'<circle cx="{_x(x, at)}" cy="{_y(y, value)}" r="2.5"/>' for at, value in known)
    marks = f'<g class="{_class(index)} dots">{dots}</g>' if len(known) <= 12 else ""
    return f'<path class="{_class(index)}" d="{_path(x, y, known)}"/>{marks}'


def _class(index: int) -> str:
    return f"line-{index % NUM_COLOURS}{' again' if index >= NUM_COLOURS else ''}"


def _path(x: Axis, y: Axis, points: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if index else 'M'}{_x(x, at)} {_y(y, value)}" for index, (at, value) in enumerate(points))


def _x(axis: Axis, value: float) -> float:
    return round(LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT), 1)


def _y(axis: Axis, value: float) -> float:
    return round(HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM), 1)


def _draw_grid(x: Axis, y: Axis) -> str:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    across = "".join(
        f'<path class="grid" d="M{LEFT} {_y(y, tick)}H{right}"/>'
        f'<text x="{LEFT - 6}" y="{_y(y, tick) + 4}" text-anchor="end">{tick:.3g}</text>'
        for tick in y.ticks
    )
    along = "".join(
        f'<text x="{_x(x, tick)}" y="{bottom + 15}" text-anchor="middle">{tick:.3g}</text>' for tick in x.ticks
    )
    middle = (TOP + bottom) / 2
    names = (
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 5}" text-anchor="middle">{escape(x.name)}</text>'
        f'<text transform="translate(11 {middle}) rotate(-90)" text-anchor="middle">{escape(y.name)}</text>'
    )
    return across + along + names
