/** Strokes as smooth curves of some width: for the eye only. What the model sees is made of the points themselves. */
import { between, type PaperPoint, type PaperStroke } from "./stroke.ts";

/** Width of the pen in paper units: as thick against the pad as Quick, Draw!'s was. */
export const PEN_WIDTH = 14;

/** How much of the width is the pen's own; the rest is pressed out of it. Half pressure gives the full `PEN_WIDTH`. */
const UNPRESSED_SHARE = 0.5;

/** A quadratic Bézier curve, from one middle between two points to the next, bent by the point they share. */
export interface Curve {
  readonly from: PaperPoint;
  /** The very `from` where the curve is a straight line. */
  readonly bend: PaperPoint;
  readonly to: PaperPoint;
  readonly width: number;
}

/**
 * Make the curves of a stroke; curve `n` needs the points up to `n` and never changes when more are added.
 *
 * @param first which to begin with, from 1.
 */
export function makeCurves(stroke: PaperStroke, first = 1): readonly Curve[] {
  const curves: Curve[] = [];
  for (let number = first; number < stroke.length; number += 1) {
    const [bend, point] = [stroke[number - 1], stroke[number]];
    if (!bend || !point) continue;
    const from = between(stroke[number - 2] ?? bend, bend);
    curves.push({ from, bend, to: between(bend, point), width: widthBetween(bend, point) });
  }
  return curves;
}

/**
 * Make what a stroke ends in: from its last curve to its last point, by way of points that are only expected.
 *
 * A lone point gives a line without length: a dot.
 */
export function makeTail(stroke: PaperStroke, expected: PaperStroke = []): readonly Curve[] {
  const known = stroke.slice(-2);
  const points = [...known, ...expected];
  const last = points.at(-1);
  if (!last) return [];
  const bend = points.at(-2) ?? last;
  const from = between(bend, last);
  return [
    ...makeCurves(points, known.length),
    { from, bend: from, to: last, width: widthBetween(bend, last) },
  ];
}

function widthBetween(one: PaperPoint, other: PaperPoint): number {
  return (penWidth(one.pressure) + penWidth(other.pressure)) / 2;
}

/** How wide a pen writes, in paper units. */
export function penWidth(pressure: number | undefined): number {
  if (pressure === undefined) return PEN_WIDTH;
  return PEN_WIDTH * (UNPRESSED_SHARE + 2 * (1 - UNPRESSED_SHARE) * pressure);
}
