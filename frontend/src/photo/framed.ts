import type { Mask } from "./plane.ts";

/** A mask with a frame of one empty pixel, so that every pixel of it has eight neighbours. */
export interface Framed {
  /** Length of a framed row. */
  readonly stride: number;
  readonly cells: Uint8Array;
  /** From a pixel to its neighbours, clockwise from the one above. */
  readonly steps: readonly number[];
}

/** Frame a mask; the copy may be changed. */
export function frame({ width, height, values }: Mask): Framed {
  const stride = width + 2;
  const cells = new Uint8Array(stride * (height + 2));
  for (let y = 0; y < height; y += 1) {
    cells.set(values.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
  }
  const steps = [-stride, -stride + 1, 1, stride + 1, stride, stride - 1, -1, -stride - 1];
  return { stride, cells, steps };
}

/** List the pixels that are set, row-major. */
export function listPixels({ cells }: Framed): number[] {
  const pixels: number[] = [];
  cells.forEach((cell, index) => {
    if (cell === 1) pixels.push(index);
  });
  return pixels;
}
