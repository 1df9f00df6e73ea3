import type { Mask } from "./plane.ts";

export interface Components {
  readonly count: number;
  /** int32, shape (height, width): number of the pixel's component, -1 outside the mask. */
  readonly labels: Int32Array;
}

/** Find what hangs together, corners included; components are numbered by their first pixel, row-major. */
export function findComponents({ width, height, values }: Mask): Components {
  const labels = new Int32Array(values.length).fill(-1);
  const waiting: number[] = [];
  let count = 0;
  for (let first = 0; first < values.length; first += 1) {
    if (values[first] !== 1 || labels[first] !== -1) continue;
    labels[first] = count;
    waiting.push(first);
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const y = Math.floor(index / width);
      const x = index % width;
      for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, height - 1); row += 1) {
        for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, width - 1); column += 1) {
          const near = row * width + column;
          if (values[near] !== 1 || labels[near] !== -1) continue;
          labels[near] = count;
          waiting.push(near);
        }
      }
    }
    count += 1;
  }
  return { count, labels };
}
