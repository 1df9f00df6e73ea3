import { findExtent } from "./find_extent.ts";
import { BOX_MAX } from "./limits.ts";
import type { InkStrokes, PadStrokes } from "./points.ts";

/**
 * Move and scale a drawing, keeping its proportions, so that it fills Quick, Draw!'s box.
 *
 * @param strokes points in any unit; strokes without points are left out.
 * @returns the drawing with its smallest x and y at 0 and the longer side's end at 255, rounded half up; a drawing
 *   without extent lies at 0.
 * @throws RangeError a coordinate, or the distance between two, is no finite number.
 */
export function normalise(strokes: PadStrokes): InkStrokes {
  const drawn = strokes.filter((stroke) => stroke.length > 0);
  if (drawn.length === 0) return [];
  const across = findExtent(drawn.flatMap((stroke) => stroke.map(({ x }) => x)));
  const down = findExtent(drawn.flatMap((stroke) => stroke.map(({ y }) => y)));
  const side = Math.max(across.length, down.length) || 1;
  const toBox = (value: number, minimum: number) => Math.floor(((value - minimum) / side) * BOX_MAX + 0.5);
  return drawn.map((stroke) => [
    stroke.map(({ x }) => toBox(x, across.minimum)),
    stroke.map(({ y }) => toBox(y, down.minimum)),
  ]);
}
