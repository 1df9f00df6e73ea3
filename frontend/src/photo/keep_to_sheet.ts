import { Cells } from "./cells.ts";
import { countValues } from "./count_values.ts";
import { findComponents } from "./find_components.ts";
import { findMedian } from "./find_median.ts";
import { findSheet } from "./find_sheet.ts";
import { findZones } from "./find_zones.ts";
import { grow } from "./grow.ts";
import { measureInk } from "./measure_ink.ts";
import type { Mask, Plane } from "./plane.ts";

/** Levels of neighbouring cells of one sheet differ by no more. */
const TOLERANCE = 14;

/**
 * Find the sheet of paper that is drawn on, and leave only its ink; shapes in it that are filled are ink, too (step 5).
 *
 * @param ink how much there is, 0..255.
 * @param grey what it was found in.
 * @param paper what lies behind the ink.
 */
export function keepToSheet(ink: Plane, grey: Plane, paper: Plane): Plane {
  const cells = new Cells(ink);
  const levels = cells.sample(paper);
  const zones = findZones(levels, TOLERANCE);
  const sheet = findSheet(ink, cells, levels, zones);
  const { outside, holes } = splitOthers(cells.select((cell) => !sheet.has(zones.labels[cell] ?? 0)));
  const nearHoles = grow(holes);
  const level = findLevel(
    levels,
    cells.select((cell) => sheet.has(zones.labels[cell] ?? 0) && nearHoles.values[cell] === 1),
  );
  const nearOutside = grow(outside);
  const values = ink.values.map((amount, index) => {
    const cell = cells.at(index, ink.width);
    if (nearOutside.values[cell] === 1) return 0;
    if (nearHoles.values[cell] !== 1) return amount;
    return Math.max(amount, measureInk(level, grey.values[index] ?? 0));
  });
  return { ...ink, values };
}

/** Part what is not the sheet into what reaches the picture's border, and what does not. */
function splitOthers(others: Mask): { readonly outside: Mask; readonly holes: Mask } {
  const { width, height, values } = others;
  const { labels } = findComponents(others);
  const reaching = new Set<number>();
  labels.forEach((label, cell) => {
    const [row, column] = [Math.floor(cell / width), cell % width];
    if (row === 0 || column === 0 || row === height - 1 || column === width - 1) reaching.add(label);
  });
  const part = (isOutside: boolean): Mask => ({
    width,
    height,
    values: values.map((value, cell) =>
      value === 1 && reaching.has(labels[cell] ?? -1) === isOutside ? 1 : 0,
    ),
  });
  return { outside: part(true), holes: part(false) };
}

/** Find the median of some cells' levels; without any it does not matter. */
function findLevel(levels: Plane, { values }: Mask): number {
  return findMedian(
    countValues(
      levels.values.filter((_, cell) => values[cell] === 1),
      255,
    ),
  );
}
