/** Small pictures and masks, written down as they look. */
import type { Mask, Pixels } from "../../src/photo/plane.ts";

export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

export const WHITE: Colour = [255, 255, 255, 255];
export const BLACK: Colour = [0, 0, 0, 255];
export const CLEAR: Colour = [0, 0, 0, 0];

/** A picture of one colour. */
export function plain(width: number, height: number, colour: Colour): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set(colour, at);
  return { width, height, data };
}

/** Paint what lies in a rectangle; right and bottom are in it. */
export function fill(
  { width, data }: Pixels,
  [left, top, right, bottom]: readonly [number, number, number, number],
  colour: Colour,
): void {
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) data.set(colour, (y * width + x) * 4);
  }
}

/** A mask, row by row: `#` is in it. */
export function mask(...rows: readonly string[]): Mask {
  const values = Uint8Array.from(rows.join(""), (letter) => (letter === "#" ? 1 : 0));
  return { width: rows[0]?.length ?? 0, height: rows.length, values };
}

export function show({ width, height, values }: Mask): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(values.subarray(y * width, (y + 1) * width), (value) => (value ? "#" : ".")).join(""),
  );
}
