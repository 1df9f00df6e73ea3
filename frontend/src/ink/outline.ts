import { cross } from "./cross.ts";
import type { Pen } from "./make_pen.ts";
import { makeSegments, type Segment } from "./make_segments.ts";
import type { SubpixelPoint } from "./points.ts";

/**
 * Draw around a stroke as cairo does: there and back again along the right edge, with round joins and round caps.
 *
 * @param points of the stroke, one at least.
 * @param pen what it is drawn with.
 * @returns the corners of a closed polygon; it may cross itself, and whatever it winds around is ink.
 */
export function outline(points: readonly SubpixelPoint[], pen: Pen): SubpixelPoint[] {
  const there = makeSegments(points, pen, false);
  const back = makeSegments([...points].reverse(), pen, true);
  const walk = [...there, ...back];
  if (walk.length === 0)
    return points.slice(0, 1).flatMap((point) => fan(point, 0, pen.vertices.length, pen));
  return walk.flatMap((segment, index) => {
    const { start, way, offset } = segment;
    const right = { x: start.x + offset.x, y: start.y + offset.y };
    const join = joinSegments(walk.at(index - 1) ?? segment, segment, pen);
    return [...join, right, { x: right.x + way.x, y: right.y + way.y }];
  });
}

/** Lead from one segment's right edge to the next one's: around the pen outside a turn, through the point inside. */
function joinSegments(before: Segment, after: Segment, pen: Pen): SubpixelPoint[] {
  const turn = cross(before.way, after.way);
  if (turn > 0) return [after.start];
  if (turn === 0 && before.way.x * after.way.x + before.way.y * after.way.y > 0) return [];
  if (before.isBack && after.isBack) {
    // On the way back cairo takes the vertices between the touching ones only.
    return fan(after.start, before.later - 1, stepsBetween(before.later, after.earlier, pen) - 1, pen);
  }
  const numSteps = stepsBetween(before.touching, after.touching, pen);
  return fan(after.start, before.touching, numSteps > 0 ? numSteps + 1 : 0, pen);
}

/** Count the steps from one vertex of the pen counterclockwise to another. */
function stepsBetween(first: number, last: number, { vertices }: Pen): number {
  return (first - last + vertices.length) % vertices.length;
}

/** Give as many of the pen's vertices as asked for, counterclockwise from the first, around a point. */
function fan(middle: SubpixelPoint, first: number, num: number, { vertices }: Pen): SubpixelPoint[] {
  return Array.from({ length: Math.max(num, 0) }, (_, step) => {
    const vertex = vertices.at((first - step) % vertices.length) ?? middle;
    return { x: middle.x + vertex.x, y: middle.y + vertex.y };
  });
}
