import { countValues } from "./count_values.ts";
import { divide } from "./divide.ts";
import { erode } from "./erode.ts";
import { findMedian } from "./find_median.ts";
import type { Mask } from "./plane.ts";

export interface Hollow {
  readonly mask: Mask;
  /** How deep what is left may be, in pixels. */
  readonly depth: number;
}

/** Leave of what is filled only its edge, as thick as a line, so that it is thinned to its outline (step 10). */
export function hollowOut(mask: Mask): Hollow {
  const limit = Math.max(4, divide(Math.max(mask.width, mask.height), 8));
  const depths = measureDepths(mask, limit + 1);
  const inside = depths.filter((depth) => depth > 0);
  const median = findMedian(countValues(inside, limit + 2));
  const depth = Math.min(Math.max(4, divide(5 * median, 2)), limit);
  const values = mask.values.map((value, index) => (value === 1 && (depths[index] ?? 0) <= depth ? 1 : 0));
  return { mask: { ...mask, values }, depth };
}

/** Count how often each pixel survives erosion, and one; 0 outside the mask. */
function measureDepths(mask: Mask, times: number): Int32Array {
  const depths = Int32Array.from(mask.values);
  let left = mask;
  for (let time = 0; time < times; time += 1) {
    left = erode(left, time % 2 === 1);
    for (let index = 0; index < depths.length; index += 1) {
      depths[index] = (depths[index] ?? 0) + (left.values[index] ?? 0);
    }
    if (!left.values.includes(1)) break;
  }
  return depths;
}
