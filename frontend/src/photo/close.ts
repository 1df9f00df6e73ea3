import type { Plane } from "./plane.ts";

/** Give what lies behind whatever is dark and narrower than the window: its largest values' smallest (step 4). */
export function close(plane: Plane, radius: number): Plane {
  // The smallest of some values is the complement of the largest of their complements.
  return complement(findLargest(complement(findLargest(plane, radius)), radius));
}

function complement(plane: Plane): Plane {
  return { ...plane, values: plane.values.map((value) => 255 - value) };
}

function findLargest(plane: Plane, radius: number): Plane {
  return slide(slide(plane, radius, false), radius, true);
}

/** Find the largest value in the window around each pixel, along rows or columns; nothing lies outside the picture. */
function slide({ width, height, values }: Plane, radius: number, isDownwards: boolean): Plane {
  const [length, numLines] = isDownwards ? [height, width] : [width, height];
  const [step, nextLine] = isDownwards ? [width, 1] : [1, width];
  const largest = new Int32Array(values.length);
  const line = new Int32Array(length + 2 * radius);
  for (let start = 0; start < numLines * nextLine; start += nextLine) {
    line.fill(0);
    for (let index = 0; index < length; index += 1) line[radius + index] = values[start + index * step] ?? 0;
    findLargestAfter(line, 2 * radius + 1);
    for (let index = 0; index < length; index += 1) largest[start + index * step] = line[index] ?? 0;
  }
  return { width, height, values: largest };
}

/** Find, for each place, the largest of it and those after it, `size` in all: from windows half as long. */
function findLargestAfter(line: Int32Array, size: number): void {
  let reach = 1;
  for (; 2 * reach <= size; reach *= 2) raise(line, reach);
  if (reach < size) raise(line, size - reach);
}

function raise(line: Int32Array, distance: number): void {
  for (let index = 0; index + distance < line.length; index += 1) {
    const other = line[index + distance] ?? 0;
    if (other > (line[index] ?? 0)) line[index] = other;
  }
}
