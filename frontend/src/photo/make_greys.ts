import { findLuma } from "./find_luma.ts";
import type { Colours, Plane } from "./plane.ts";

/** Make two greys, in both of which ink is dark: for dark ink on light paper, and for light ink on dark paper (step 2). */
export function makeGreys({ width, height, values }: Colours): {
  readonly dark: Plane;
  readonly light: Plane;
} {
  const dark = new Int32Array(width * height);
  const light = new Int32Array(width * height);
  for (let index = 0; index < dark.length; index += 1) {
    const red = values[3 * index] ?? 0;
    const green = values[3 * index + 1] ?? 0;
    const blue = values[3 * index + 2] ?? 0;
    const luma = findLuma(red, green, blue);
    // The smallest channel makes yellow ink dark.
    dark[index] = (Math.min(red, green, blue) + luma) >> 1;
    light[index] = 255 - ((Math.max(red, green, blue) + luma + 1) >> 1);
  }
  return { dark: { width, height, values: dark }, light: { width, height, values: light } };
}
