import { SUB_ROWS } from "./grid.ts";
import type { Edge } from "./make_edges.ts";
import { roundedX } from "./rounded_x.ts";

/** An edge where it passes a pixel row. */
export interface Passage {
  readonly edge: Edge;
  /** Its x on the row's upper and lower side, in subpixels. */
  readonly top: number;
  readonly bottom: number;
}

/** Give, for each pixel row, the edges that pass it, from left to right. */
export function sortRows(edges: readonly Edge[], height: number): Passage[][] {
  const rows: Passage[][] = Array.from({ length: height }, () => []);
  for (const edge of edges) {
    const last = Math.floor((edge.end - 1) / SUB_ROWS);
    for (let row = Math.floor(edge.first / SUB_ROWS); row <= last; row += 1) {
      const [top, bottom] = [roundedX(edge, 2 * SUB_ROWS * row), roundedX(edge, 2 * SUB_ROWS * (row + 1))];
      rows[row]?.push({ edge, top, bottom });
    }
  }
  for (const row of rows) row.sort(compare);
  return rows;
}

function compare(one: Passage, other: Passage): number {
  return one.top - other.top || one.bottom - other.bottom || one.edge.direction - other.edge.direction;
}
