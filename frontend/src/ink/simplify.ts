import { findCorner } from "./find_corner.ts";
import type { BoxPoint, InkStrokes } from "./points.ts";
import { toPoints } from "./to_points.ts";
import { toStroke } from "./to_stroke.ts";

/**
 * Leave out the points that hardly bend their stroke: Ramer-Douglas-Peucker, exact because it is done in integers.
 *
 * @param ink strokes in the box.
 * @returns as many strokes, each with its first and last point; no point twice in a row.
 */
export function simplify(ink: InkStrokes): InkStrokes {
  return ink.map((stroke) => toStroke(withoutRepeats(keepCorners(toPoints(stroke)))));
}

function keepCorners(points: readonly BoxPoint[]): readonly BoxPoint[] {
  const kept = new Set([0, points.length - 1]);
  const stretches: [first: number, last: number][] = [[0, points.length - 1]];
  for (let stretch = stretches.pop(); stretch; stretch = stretches.pop()) {
    const [first, last] = stretch;
    const corner = findCorner(points, first, last);
    if (corner === undefined) continue;
    kept.add(corner);
    stretches.push([first, corner], [corner, last]);
  }
  return points.filter((_, index) => kept.has(index));
}

function withoutRepeats(points: readonly BoxPoint[]): readonly BoxPoint[] {
  return points.filter(({ x, y }, index) => {
    const before = points[index - 1];
    return !before || before.x !== x || before.y !== y;
  });
}
