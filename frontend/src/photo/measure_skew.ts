import { divide } from "./divide.ts";
import type { Plane } from "./plane.ts";

/**
 * Sum the cubes of how much each pixel differs from the mean around it: the more negative, the more it is lines on paper
 * (step 3).
 */
export function measureSkew(grey: Plane): number {
  const { width, height, values } = grey;
  const radius = divide(Math.max(width, height), 8) + 2;
  const sums = integrate(grey);
  const stride = width + 1;
  let skew = 0;
  for (let y = 0; y < height; y += 1) {
    const top = Math.max(y - radius, 0);
    const bottom = Math.min(y + radius + 1, height);
    for (let x = 0; x < width; x += 1) {
      const left = Math.max(x - radius, 0);
      const right = Math.min(x + radius + 1, width);
      const sum =
        (sums[bottom * stride + right] ?? 0) -
        (sums[top * stride + right] ?? 0) -
        (sums[bottom * stride + left] ?? 0) +
        (sums[top * stride + left] ?? 0);
      const difference = (values[y * width + x] ?? 0) - divide(sum, (bottom - top) * (right - left));
      skew += difference * difference * difference;
    }
  }
  return skew;
}

/** Sums over all that is above and to the left; shape (height + 1, width + 1). */
function integrate({ width, height, values }: Plane): Int32Array {
  const stride = width + 1;
  const sums = new Int32Array(stride * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += values[y * width + x] ?? 0;
      sums[(y + 1) * stride + x + 1] = (sums[y * stride + x + 1] ?? 0) + row;
    }
  }
  return sums;
}
