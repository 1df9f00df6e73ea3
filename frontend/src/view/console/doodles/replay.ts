/** A drawing as it came about: how much of it was there after so many points. No page. */
import type { Strokes } from "../../../server/gallery.ts";

/** How many points a drawing has. */
export function countPoints(strokes: Strokes): number {
  return strokes.reduce((sum, [xs]) => sum + xs.length, 0);
}

/** Cut a drawing down to what was there after so many points; a stroke just begun is a dot. */
export function cutAt(strokes: Strokes, numPoints: number): Strokes {
  let left = numPoints;
  const cut: (readonly [readonly number[], readonly number[]])[] = [];
  for (const [xs, ys] of strokes) {
    if (left <= 0) break;
    cut.push([xs.slice(0, left), ys.slice(0, left)]);
    left -= xs.length;
  }
  return cut;
}

/** After how many points each stroke was finished. */
export function listEnds(strokes: Strokes): number[] {
  let sum = 0;
  return strokes.map(([xs]) => {
    sum += xs.length;
    return sum;
  });
}

/** Go on to where the next stroke is finished, or back to where the one before was. */
export function step(strokes: Strokes, numPoints: number, by: 1 | -1): number {
  const ends = [0, ...listEnds(strokes)];
  const found = by > 0 ? ends.find((end) => end > numPoints) : ends.filter((end) => end < numPoints).at(-1);
  return found ?? numPoints;
}

/** Say where a replay is. */
export function sayStroke(strokes: Strokes, numPoints: number): string {
  const begun = cutAt(strokes, numPoints).length;
  return `Stroke ${begun} of ${strokes.length}`;
}
