import type { Mask } from "./plane.ts";

/** Keep the pixels whose neighbours are all in the mask: those at their sides, or those at their corners, too. */
export function erode({ width, height, values }: Mask, hasCorners: boolean): Mask {
  const eroded = new Uint8Array(values.length);
  const sides = [-width, -1, 1, width];
  const corners = [-width - 1, -width + 1, width - 1, width + 1];
  const near = hasCorners ? [...sides, ...corners] : sides;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const index = y * width + x;
      if (values[index] === 1 && near.every((step) => values[index + step] === 1)) eroded[index] = 1;
    }
  }
  return { width, height, values: eroded };
}
