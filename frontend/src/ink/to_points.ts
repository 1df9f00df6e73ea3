import type { BoxPoint, InkStroke } from "./points.ts";

/** Give a stroke's points one by one. */
export function toPoints([xs, ys]: InkStroke): BoxPoint[] {
  return xs.map((x, index) => ({ x, y: ys[index] ?? 0 }));
}
