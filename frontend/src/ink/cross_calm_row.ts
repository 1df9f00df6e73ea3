import type { Crossing } from "./cross_busy_row.ts";
import { SUB_ROWS, SUBPIXELS } from "./grid.ts";
import type { Edge } from "./make_edges.ts";
import { scaledX } from "./scaled_x.ts";
import type { Passage } from "./sort_rows.ts";

/**
 * Spread the edges' areas over the columns they pass in a calm row.
 *
 * Cairo gives each column a whole number of sub-rows: the one in which the edge leaves it, too. There the edge counts as
 * upright, in the middle of its way through the column.
 */
export function crossCalmRow(passages: readonly Passage[], row: number): Crossing[] {
  const crossings: Crossing[] = [];
  let winding = 0;
  for (const { edge } of passages) {
    const before = winding;
    winding += edge.direction;
    if (before !== 0 && winding !== 0) continue;
    for (const x of spread(edge, row)) crossings.push({ x, sign: before === 0 ? 1 : -1 });
  }
  return crossings;
}

/** Give an edge's x, in half subpixels, for each sub-row of a calm row. */
function spread(edge: Edge, row: number): number[] {
  const top = scaledX(edge, 2 * SUB_ROWS * row) + skew(edge);
  const bottom = scaledX(edge, 2 * SUB_ROWS * (row + 1)) + skew(edge);
  const [left, right] = [Math.min(top, bottom), Math.max(top, bottom)];
  return Array.from({ length: SUB_ROWS }, (_, step) => {
    const reached = SUB_ROWS * left + (right - left) * (step + 1);
    const column = Math.ceil(reached / (SUB_ROWS * SUBPIXELS * edge.scale)) - 1;
    const entered = Math.max(column * SUBPIXELS, Math.floor(left / edge.scale));
    const departed = Math.min((column + 1) * SUBPIXELS, Math.floor(right / edge.scale));
    return entered + departed;
  });
}

/**
 * Give the half subpixel (times scale) by which cairo displaces edges in calm rows.
 *
 * It steps half a sub-row back from the first sample, and halves the whole part of the slope without its remainder.
 */
function skew({ run, scale }: Edge): number {
  return ((Math.trunc((2 * SUBPIXELS * run) / scale) % 2) * scale) / 2;
}
