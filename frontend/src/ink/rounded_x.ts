import type { Edge } from "./make_edges.ts";
import { scaledX } from "./scaled_x.ts";

/** Give an edge's x in whole subpixels, so many halves of a sub-row below the bitmap's top. */
export function roundedX(edge: Edge, halfSubRow: number): number {
  return Math.floor((2 * scaledX(edge, halfSubRow) + edge.scale) / (2 * edge.scale));
}
