import { cover } from "./cover.ts";
import { makePen } from "./make_pen.ts";
import { outline } from "./outline.ts";
import { place } from "./place.ts";
import type { InkStrokes } from "./points.ts";

/**
 * Draw strokes into a bitmap, centred, one stroke over the other: the very bitmap Quick, Draw! would have made.
 *
 * @param ink valid strokes: each has points, all of them in the box.
 * @param height in pixels.
 * @param width in pixels.
 * @returns uint8, shape (height, width) flattened row-major; 0 paper, 255 full ink. A stroke of one point is a round
 *   blob, no stroke at all a blank bitmap. Source: docs/decisions/0003-ink.md.
 */
export function rasterise(ink: InkStrokes, height: number, width: number): Uint8Array {
  const bitmap = new Uint8Array(height * width);
  const pen = makePen(height, width);
  for (const points of place(ink, height, width)) {
    cover(outline(points, pen), height, width).forEach((stroke, index) => {
      // White over white, rounded as cairo rounds it.
      bitmap[index] = stroke + Math.floor(((bitmap[index] ?? 0) * (255 - stroke) + 126) / 255);
    });
  }
  return bitmap;
}
