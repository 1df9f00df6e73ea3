import { type Crossing, crossBusyRow } from "./cross_busy_row.ts";
import { crossCalmRow } from "./cross_calm_row.ts";
import { SUBPIXELS } from "./grid.ts";
import { isCalm } from "./is_calm.ts";
import { makeEdges } from "./make_edges.ts";
import type { SubpixelPoint } from "./points.ts";
import { sortRows } from "./sort_rows.ts";

/**
 * Measure how much of each pixel lies inside a polygon, to the very value that cairo finds.
 *
 * A pixel row is cut into sub-rows, and on each the polygon is a few spans from one edge to another. Where nothing
 * happens within a pixel row, cairo does not look at the sub-rows one by one but takes the edges' areas as they are.
 *
 * @param corners of a closed polygon within the bitmap; inside is whatever it winds around.
 * @returns uint8, shape (height, width) flattened row-major; 0 nothing, 255 all of it.
 */
export function cover(corners: readonly SubpixelPoint[], height: number, width: number): Uint8Array {
  const pixels = new Uint8Array(height * width);
  sortRows(makeEdges(corners), height).forEach((passages, row) => {
    const cross = isCalm(passages, row) ? crossCalmRow : crossBusyRow;
    fillRow(pixels.subarray(row * width, (row + 1) * width), cross(passages, row));
  });
  return pixels;
}

function fillRow(pixels: Uint8Array, crossings: readonly Crossing[]): void {
  const growth = new Int32Array(pixels.length + 1);
  for (const { x, sign } of crossings) {
    const pixel = Math.floor(x / (2 * SUBPIXELS));
    const rest = x % (2 * SUBPIXELS);
    // Right of a span's beginning all pixels are covered; the one it begins in only from there on.
    growth[pixel] = (growth[pixel] ?? 0) + sign * (2 * SUBPIXELS - rest);
    growth[pixel + 1] = (growth[pixel + 1] ?? 0) + sign * rest;
  }
  let area = 0;
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    area += growth[pixel] ?? 0;
    // 15 sub-rows of 512 half subpixels to 255, in cairo's rounding.
    pixels[pixel] = Math.floor((area * 17 + 256) / 512);
  }
}
