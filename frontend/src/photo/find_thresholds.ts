import { countValues } from "./count_values.ts";
import { divide } from "./divide.ts";
import { findMedian } from "./find_median.ts";
import type { Plane } from "./plane.ts";

/** From how much ink on a pixel counts. */
export interface Thresholds {
  /** As part of a line. */
  readonly low: number;
  /** As a line: something of it has so much. */
  readonly high: number;
  /** How much ink the lines of this picture have. */
  readonly reference: number;
}

/** Find them for a picture (step 6). @returns undefined if there is no ink. */
export function findThresholds({ values }: Plane): Thresholds | undefined {
  const histogram = countValues(values, 255);
  const floor = 3 * findMedian(histogram) + 20;
  let [squares, cubes] = [0, 0];
  for (let amount = floor; amount <= 255; amount += 1) {
    const count = histogram[amount] ?? 0;
    squares += count * amount ** 2;
    cubes += count * amount ** 3;
  }
  if (squares === 0) return undefined;
  const reference = divide(cubes, squares);
  return {
    low: Math.max(floor, divide(35 * reference, 100)),
    high: Math.max(floor, divide(50 * reference, 100)),
    reference,
  };
}
