import type { Drawing } from "../../../pad/history.ts";

/** So much of its side the drawing's longer side takes. */
const SHARE = 0.86;

/** A dot does not become a plate. */
const MAX_SCALE = 4;

/**
 * Move and scale a drawing, keeping its proportions, so that it fills a paper from the middle; for the eye only.
 *
 * @param side of that paper.
 */
export function fillPaper(drawing: Drawing, side: number): Drawing {
  const points = drawing.flat();
  const across = measure(points.map(({ x }) => x));
  const down = measure(points.map(({ y }) => y));
  const longer = Math.max(across.length, down.length, 1);
  const scale = Math.min((side * SHARE) / longer, MAX_SCALE);
  const place = (value: number, { middle }: typeof across) => (value - middle) * scale + side / 2;
  return drawing.map((stroke) =>
    stroke.map((point) => ({ ...point, x: place(point.x, across), y: place(point.y, down) })),
  );
}

function measure(values: readonly number[]) {
  const least = values.reduce((found, value) => Math.min(found, value), Infinity);
  const most = values.reduce((found, value) => Math.max(found, value), -Infinity);
  return { middle: (least + most) / 2, length: most - least };
}
