import type { Box } from "./box.ts";
import type { Mask } from "./plane.ts";

/** Find the box around a mask, which is not empty. */
export function findBox({ width, values }: Mask): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  values.forEach((value, index) => {
    if (value === 0) return;
    const x = index % width;
    const y = Math.floor(index / width);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  });
  return { left, top, right, bottom };
}
