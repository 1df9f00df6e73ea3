import type { Box } from "./box.ts";

interface Picture<Values> {
  readonly width: number;
  readonly height: number;
  readonly values: Values;
}

/** Cut a box out of a picture; what of it lies outside is 0. */
export function crop<Values extends Uint8Array | Int32Array>(
  { width, height, values }: Picture<Values>,
  box: Box,
): Picture<Int32Array> {
  const [croppedWidth, croppedHeight] = [box.right - box.left + 1, box.bottom - box.top + 1];
  const cropped = new Int32Array(croppedWidth * croppedHeight).map((_, index) => {
    const x = box.left + (index % croppedWidth);
    const y = box.top + Math.floor(index / croppedWidth);
    return x >= 0 && x < width && y >= 0 && y < height ? (values[y * width + x] ?? 0) : 0;
  });
  return { width: croppedWidth, height: croppedHeight, values: cropped };
}
