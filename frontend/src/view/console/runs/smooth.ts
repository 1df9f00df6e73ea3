/** Exponential smoothing of a curve. */

type Point = readonly [x: number, y: number];

/**
 * Smooth a curve: each value is the weighted mean of those so far, weights falling by `share` from one to the one before.
 *
 * Dividing by the sum of the weights keeps the first values from being drawn towards 0 (Adam's correction of its means,
 * Kingma and Ba 2015).
 *
 * @param share in [0, 1): 0 leaves the curve as it is.
 */
export function smooth(points: readonly Point[], share: number): Point[] {
  if (share <= 0) return [...points];
  let sum = 0;
  let weight = 0;
  return points.map(([x, y]) => {
    sum = share * sum + (1 - share) * y;
    weight = share * weight + (1 - share);
    return [x, sum / weight];
  });
}
