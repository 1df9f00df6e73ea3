import { divide } from "./divide.ts";
import type { Plane } from "./plane.ts";

/** Where an enlarged row or column gets its values from. */
interface Source {
  readonly first: number;
  readonly second: number;
  /** Of the first, of 2 * times in all. */
  readonly weight: number;
}

/** Enlarge linearly so many times. @returns values times 4 * times^2. */
export function enlarge({ width, height, values }: Plane, times: number): Plane {
  const columns = findSources(width, times);
  const rows = findSources(height, times);
  const enlarged = new Int32Array(columns.length * rows.length);
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      const across = (line: number) =>
        (values[line * width + column.first] ?? 0) * column.weight +
        (values[line * width + column.second] ?? 0) * (2 * times - column.weight);
      enlarged[y * columns.length + x] =
        across(row.first) * row.weight + across(row.second) * (2 * times - row.weight);
    });
  });
  return { width: columns.length, height: rows.length, values: enlarged };
}

function findSources(length: number, times: number): Source[] {
  return Array.from({ length: length * times }, (_, index) => {
    const place = 2 * index + 1 - times;
    const before = divide(place, 2 * times);
    return {
      first: Math.min(Math.max(before, 0), length - 1),
      second: Math.min(Math.max(before + 1, 0), length - 1),
      weight: 2 * times - (place - 2 * times * before),
    };
  });
}
