import type { CanvasPoint } from "./canvas_point.ts";

const REACH = 2;

/** Smooth a line of pixels by sums of five points: fifths of a pixel; its ends stay where they are (step 14). */
export function smooth(stroke: readonly CanvasPoint[]): CanvasPoint[] {
  return stroke.map((_, index) => {
    const reach = Math.min(REACH, index, stroke.length - 1 - index);
    let [x, y] = [0, 0];
    for (let step = -REACH; step <= REACH; step += 1) {
      const point = stroke[index + Math.min(Math.max(step, -reach), reach)];
      x += point?.x ?? 0;
      y += point?.y ?? 0;
    }
    return { x, y };
  });
}
