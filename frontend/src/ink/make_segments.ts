import { cross } from "./cross.ts";
import type { Pen } from "./make_pen.ts";
import type { SubpixelPoint } from "./points.ts";

/** A straight piece of a stroke, walked in one direction. */
export interface Segment {
  /** Where it begins. */
  readonly start: SubpixelPoint;
  /** From there to its end. */
  readonly way: SubpixelPoint;
  /** From the middle of the line to its right edge. */
  readonly offset: SubpixelPoint;
  /** The pen's vertex that touches the right edge; of two, where the edge is parallel to a side, the earlier one. */
  readonly earlier: number;
  /** The same, but of two the later one. */
  readonly later: number;
  /** The one a cap or a turn there begins or ends with; of two, the one that cairo's comparison of slopes picks. */
  readonly touching: number;
  readonly isBack: boolean;
}

/**
 * Cut a stroke into its straight pieces.
 *
 * @param points in the order they are walked; points that repeat the one before are passed over.
 * @param isBack whether this is the way back.
 */
export function makeSegments(points: readonly SubpixelPoint[], pen: Pen, isBack: boolean): Segment[] {
  return points.flatMap((end, index) => {
    const start = points[index - 1];
    if (!start || (start.x === end.x && start.y === end.y)) return [];
    const way = { x: end.x - start.x, y: end.y - start.y };
    const { earlier, later } = findTouching(way, pen);
    const touching = way.x < 0 ? earlier : later;
    return [{ start, way, offset: findOffset(way, pen), earlier, later, touching, isBack }];
  });
}

function findOffset({ x, y }: SubpixelPoint, { radius }: Pen): SubpixelPoint {
  const length = Math.sqrt(x * x + y * y);
  return { x: Math.floor((-y * radius) / length + 0.5), y: Math.floor((x * radius) / length + 0.5) };
}

/** Find the vertices where the pen's outline runs against the way: there it touches the right edge. */
function findTouching(way: SubpixelPoint, { sides }: Pen): { earlier: number; later: number } {
  const turns = sides.map((side) => cross(way, side));
  const later = turns.findIndex((turn, k) => turn >= 0 && (turns[(k + 1) % turns.length] ?? 0) < 0);
  return { earlier: turns[later] === 0 ? later - 1 : later, later };
}
