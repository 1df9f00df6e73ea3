import { BOX_SIDE, SUBPIXELS } from "./grid.ts";
import type { InkStrokes, SubpixelPoint } from "./points.ts";
import { toPoints } from "./to_points.ts";

/**
 * Bring a drawing from the box to the middle of a bitmap.
 *
 * @param ink strokes in the box.
 * @param height of the bitmap, in pixels.
 * @param width of the bitmap, in pixels.
 * @returns the strokes' points; x to the right and y downwards from the bitmap's upper left corner.
 */
export function place(ink: InkStrokes, height: number, width: number): SubpixelPoint[][] {
  const side = Math.min(height, width);
  const maxX = largest(ink.map(([xs]) => xs));
  const maxY = largest(ink.map(([, ys]) => ys));
  // The middle of the drawing, maximum / 2, comes to lie on the middle of the bitmap.
  const toSubpixels = (value: number, maximum: number, size: number) =>
    Math.floor((size * SUBPIXELS) / 2) +
    Math.floor((SUBPIXELS * side * (2 * value - maximum) + BOX_SIDE) / (2 * BOX_SIDE));
  return ink.map((stroke) =>
    toPoints(stroke).map(({ x, y }) => ({
      x: toSubpixels(x, maxX, width),
      y: toSubpixels(y, maxY, height),
    })),
  );
}

function largest(axes: readonly (readonly number[])[]): number {
  return axes.flat().reduce((most, value) => Math.max(most, value), 0);
}
