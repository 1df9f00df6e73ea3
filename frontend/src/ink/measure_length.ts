import { BOX_MAX } from "./limits.ts";
import type { InkStrokes } from "./points.ts";

/**
 * Measure how far the pen went on the paper, in sides of the box: a lone straight line along a side has 1.
 *
 * @param ink strokes in the box.
 */
export function measureLength(ink: InkStrokes): number {
  return ink.reduce((length, [xs, ys]) => length + strokeLength(xs, ys), 0) / BOX_MAX;
}

function strokeLength(xs: readonly number[], ys: readonly number[]): number {
  let length = 0;
  for (let index = 1; index < xs.length; index++) length += Math.hypot(step(xs, index), step(ys, index));
  return length;
}

function step(values: readonly number[], index: number): number {
  return (values[index] ?? 0) - (values[index - 1] ?? 0);
}
