/** Whether a drawing looks like nothing the network knows; the same verdict as doodle_db.rejection's. */
import { energy } from "./energy.ts";
import { measureInk } from "./ink_measures.ts";

/** What a pen's lines measure (InkMeasures), both ends included. */
export interface InkRange {
  readonly minEdges: number;
  readonly maxEdges: number;
  readonly minGrey: number;
  readonly maxGrey: number;
}

export interface Rejection {
  /** Of the energy; above it a drawing is unknown. */
  readonly threshold: number;
  /** Outside of it nothing is a drawing; older versions have none. */
  readonly ink: InkRange | undefined;
}

/**
 * Tell whether a drawing looks like nothing the network knows.
 *
 * @param logits float32, shape (labels), of the network about this bitmap.
 * @param bitmap uint8, shape (height, width) flattened row-major; 0 paper, 255 ink.
 * @param width of the bitmap, in pixels.
 */
export function isUnknown(
  { threshold, ink }: Rejection,
  logits: ArrayLike<number>,
  bitmap: Uint8Array,
  width: number,
): boolean {
  return energy(logits) > threshold || (ink !== undefined && !isInk(ink, bitmap, width));
}

function isInk(range: InkRange, bitmap: Uint8Array, width: number): boolean {
  const { edges, grey } = measureInk(bitmap, width);
  return edges >= range.minEdges && edges <= range.maxEdges && grey >= range.minGrey && grey <= range.maxGrey;
}
