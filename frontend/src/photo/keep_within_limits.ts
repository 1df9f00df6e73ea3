import type { CanvasPoint } from "./canvas_point.ts";
import { PHOTO_LIMITS } from "./limits.ts";

/** Keep the longest strokes, longest first, so many and with so many points as a drawing may have (step 13). */
export function keepWithinLimits(strokes: readonly CanvasPoint[][]): CanvasPoint[][] {
  const longest = [...strokes].sort((one, other) => other.length - one.length);
  let numLeft: number = PHOTO_LIMITS.maxPoints;
  return longest
    .slice(0, PHOTO_LIMITS.maxStrokes)
    .map((stroke) => {
      const kept = stroke.slice(0, numLeft);
      numLeft -= kept.length;
      return kept;
    })
    .filter((stroke) => stroke.length > 0);
}
