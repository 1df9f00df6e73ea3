/**
 * Scale a bitmap to what the network expects.
 *
 * @param bitmap uint8, shape (height, width) flattened row-major; 0 is paper, 255 is full ink.
 * @returns float32, same shape, each value in [0, 1].
 */
export function toPicture(bitmap: Uint8Array): Float32Array {
  return Float32Array.from(bitmap, (value) => value / 255);
}
