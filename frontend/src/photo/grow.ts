import type { Mask } from "./plane.ts";

/** Give a mask with all that lies within `radius` rows and columns of it. */
export function grow({ width, height, values }: Mask, radius = 1): Mask {
  const grown = new Uint8Array(values.length);
  values.forEach((value, index) => {
    if (value === 0) return;
    const y = Math.floor(index / width);
    const x = index % width;
    const left = Math.max(x - radius, 0);
    const right = Math.min(x + radius + 1, width);
    for (let row = Math.max(y - radius, 0); row <= Math.min(y + radius, height - 1); row += 1) {
      grown.fill(1, row * width + left, row * width + right);
    }
  });
  return { width, height, values: grown };
}
