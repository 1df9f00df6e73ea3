import type { Components } from "./find_components.ts";
import type { Plane } from "./plane.ts";

/** Find where levels change only gently from each cell to those at its sides; numbered by their first cell, row-major. */
export function findZones({ width, height, values }: Plane, tolerance: number): Components {
  const labels = new Int32Array(values.length).fill(-1);
  const waiting: number[] = [];
  let count = 0;
  for (let first = 0; first < values.length; first += 1) {
    if (labels[first] !== -1) continue;
    labels[first] = count;
    waiting.push(first);
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      for (const side of findSides(index, width, height)) {
        const difference = (values[side] ?? 0) - (values[index] ?? 0);
        if (labels[side] !== -1 || Math.abs(difference) > tolerance) continue;
        labels[side] = count;
        waiting.push(side);
      }
    }
    count += 1;
  }
  return { count, labels };
}

function findSides(index: number, width: number, height: number): number[] {
  const [y, x] = [Math.floor(index / width), index % width];
  const sides: number[] = [];
  if (y > 0) sides.push(index - width);
  if (x > 0) sides.push(index - 1);
  if (x < width - 1) sides.push(index + 1);
  if (y < height - 1) sides.push(index + width);
  return sides;
}
