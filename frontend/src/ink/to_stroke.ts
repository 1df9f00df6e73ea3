import type { BoxPoint, InkStroke } from "./points.ts";

/** Make a stroke of points, in the form it is stored in. */
export function toStroke(points: readonly BoxPoint[]): InkStroke {
  return [points.map(({ x }) => x), points.map(({ y }) => y)];
}
