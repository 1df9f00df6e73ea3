import { SUB_ROWS, SUBPIXELS } from "./grid.ts";
import type { SubpixelPoint } from "./points.ts";

/** An edge of a polygon, as the scan converter reads it: from top to bottom, crossing the middles of sub-rows. */
export interface Edge {
  /** 1 when the polygon runs down the edge, -1 when it runs up. */
  readonly direction: number;
  /** The first sub-row that it crosses. */
  readonly first: number;
  /** The sub-row after the last one that it crosses. */
  readonly end: number;
  /** From its upper to its lower end, to the right; in subpixels. */
  readonly run: number;
  /** See `scaledX`. */
  readonly origin: number;
  /** What `scaledX` is to be divided by. */
  readonly scale: number;
}

/**
 * Take a closed polygon apart.
 *
 * @param corners in order; the last one leads back to the first.
 * @returns the edges that cross the middle of a sub-row at least.
 */
export function makeEdges(corners: readonly SubpixelPoint[]): Edge[] {
  return corners
    .map((end, index) => makeEdge(corners.at(index - 1) ?? end, end))
    .filter(({ first, end }) => first < end);
}

function makeEdge(start: SubpixelPoint, end: SubpixelPoint): Edge {
  const goesUp = end.y < start.y;
  const [upper, lower] = goesUp ? [end, start] : [start, end];
  const run = lower.x - upper.x;
  const rise = lower.y - upper.y;
  return {
    direction: goesUp ? -1 : 1,
    first: toSubRow(upper.y),
    end: toSubRow(lower.y),
    run,
    origin: 2 * SUB_ROWS * (upper.x * rise - upper.y * run),
    scale: 2 * SUB_ROWS * rise,
  };
}

function toSubRow(y: number): number {
  return Math.floor((SUB_ROWS * y + SUBPIXELS / 2) / SUBPIXELS);
}
