import { SUBPIXELS } from "./grid.ts";
import type { Edge } from "./make_edges.ts";

/** Give an edge's x in subpixels, times `scale` to keep it whole, so many halves of a sub-row below the bitmap's top. */
export function scaledX({ origin, run }: Edge, halfSubRow: number): number {
  return origin + SUBPIXELS * halfSubRow * run;
}
