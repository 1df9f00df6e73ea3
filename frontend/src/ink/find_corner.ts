import type { BoxPoint } from "./points.ts";

/** How far from the line a point may lie and be left out, in units of the box; Quick, Draw!'s own choice. */
const EPSILON = 2;

/**
 * Find the point furthest from the straight line between a stretch's ends.
 *
 * @returns its index, the first of equals; undefined when all lie within EPSILON of the line.
 */
export function findCorner(points: readonly BoxPoint[], first: number, last: number): number | undefined {
  const start = points[first];
  const end = points[last];
  if (!start || !end) return undefined;
  let corner: number | undefined;
  let furthest = EPSILON * EPSILON * Math.max(squareBetween(start, end), 1);
  for (let index = first + 1; index < last; index += 1) {
    const distance = scaledSquare(points[index] ?? start, start, end);
    if (distance > furthest) {
      corner = index;
      furthest = distance;
    }
  }
  return corner;
}

/** Give the squared distance of a point from a line, times the squared length of the line: so it stays an integer. */
function scaledSquare(point: BoxPoint, start: BoxPoint, end: BoxPoint): number {
  const square = squareBetween(start, end);
  const along = (point.x - start.x) * (end.x - start.x) + (point.y - start.y) * (end.y - start.y);
  // Beyond an end it is the distance to that end that counts.
  if (along <= 0) return squareBetween(point, start) * Math.max(square, 1);
  if (along >= square) return squareBetween(point, end) * square;
  const across = (point.x - start.x) * (end.y - start.y) - (point.y - start.y) * (end.x - start.x);
  return across * across;
}

function squareBetween(one: BoxPoint, other: BoxPoint): number {
  return (one.x - other.x) ** 2 + (one.y - other.y) ** 2;
}
