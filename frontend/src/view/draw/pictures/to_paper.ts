/** Lays a found drawing on the pad. */
import type { Drawing } from "../../../pad/history.ts";
import { PAPER_SIDE } from "../../../pad/stroke.ts";
import type { CanvasPoint, CanvasStrokes } from "../../../photo/canvas_point.ts";

/** So much of the paper's side the drawing's longer side takes. */
const SHARE = 0.75;

/** Scales are whole numbers of these, so that every coordinate is exact: the ink is that of the picture, to the bit. */
const SCALE_STEPS = 1024;

interface Extent {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Move and scale strokes, keeping their proportions, so that they lie in the middle of the paper.
 *
 * @param strokes whole pixels; each has points.
 */
export function toPaper(strokes: CanvasStrokes): Drawing {
  const { left, top, width, height } = measure(strokes.flat());
  const side = Math.max(width, height, 1);
  const scale = Math.max(1, Math.floor((PAPER_SIDE * SHARE * SCALE_STEPS) / side)) / SCALE_STEPS;
  const middle = (length: number) => Math.floor((PAPER_SIDE - length * scale) / 2);
  const [right, down] = [middle(width), middle(height)];
  return strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({ x: (x - left) * scale + right, y: (y - top) * scale + down })),
  );
}

function measure(points: readonly CanvasPoint[]): Extent {
  const { left, top, right, bottom } = points.reduce(
    (found, { x, y }) => ({
      left: Math.min(found.left, x),
      top: Math.min(found.top, y),
      right: Math.max(found.right, x),
      bottom: Math.max(found.bottom, y),
    }),
    { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
  );
  return { left, top, width: right - left, height: bottom - top };
}
