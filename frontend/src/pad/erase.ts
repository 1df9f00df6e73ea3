/** The eraser of strokes: what it touches goes as a whole. */
import type { Drawing } from "./history.ts";
import type { PaperPoint, PaperStroke } from "./stroke.ts";

/** How far from the middle of a stroke the eraser takes it, in paper units: half the ink's width, and a fingertip's error. */
const REACH = 28;

/**
 * Take the strokes away that the eraser touched on its way from one point to the next.
 *
 * @returns the same drawing if it touched none.
 */
export function eraseAlong(drawing: Drawing, from: PaperPoint, to: PaperPoint): Drawing {
  const left = drawing.filter((stroke) => !isTouched(stroke, from, to));
  return left.length === drawing.length ? drawing : left;
}

function isTouched(stroke: PaperStroke, from: PaperPoint, to: PaperPoint): boolean {
  return stroke.some((point, index) => areNear(stroke[index - 1] ?? point, point, from, to));
}

/** Two straight ways are near where they cross, or where an end of one is near the other. */
function areNear(a: PaperPoint, b: PaperPoint, c: PaperPoint, d: PaperPoint): boolean {
  return (
    distance(a, c, d) <= REACH ||
    distance(b, c, d) <= REACH ||
    distance(c, a, b) <= REACH ||
    distance(d, a, b) <= REACH ||
    doCross(a, b, c, d)
  );
}

function doCross(a: PaperPoint, b: PaperPoint, c: PaperPoint, d: PaperPoint): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** Positive where a point lies on one side of the line from `a` to `b`, negative on the other. */
function side(a: PaperPoint, b: PaperPoint, point: PaperPoint): number {
  return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
}

/** From a point to the straight way between two others. */
function distance(point: PaperPoint, a: PaperPoint, b: PaperPoint): number {
  const [x, y] = [b.x - a.x, b.y - a.y];
  const along = ((point.x - a.x) * x + (point.y - a.y) * y) / (x * x + y * y || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - share * x, point.y - a.y - share * y);
}
