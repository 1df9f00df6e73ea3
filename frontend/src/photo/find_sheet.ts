import type { Cells } from "./cells.ts";
import { divide } from "./divide.ts";
import type { Components } from "./find_components.ts";
import type { Plane } from "./plane.ts";

/** What lies in a zone. */
interface Zone {
  /** Sums over its pixels' ink, squared and cubed: large amounts count more. */
  squares: number;
  cubes: number;
  /** Sum over its cells' levels, and how many there are. */
  light: number;
  numCells: number;
}

/**
 * Find the zones that make up the sheet: the one with the most ink, of equals the first, and others with ink as dark
 * on paper not much darker; a shadow with a hard edge parts a sheet in two.
 *
 * @returns their numbers.
 */
export function findSheet(ink: Plane, cells: Cells, levels: Plane, zones: Components): ReadonlySet<number> {
  const measured = measure(ink, cells, levels, zones);
  const best = measured.reduce((one, other) => (other.squares > one.squares ? other : one));
  const isSheet = (zone: Zone) =>
    5 * typicalOf(zone) >= 3 * typicalOf(best) &&
    5 * lightOf(zone) >= 2 * lightOf(best) &&
    100 * zone.squares >= best.squares;
  const numbers = measured.flatMap((zone, number) => (zone === best || isSheet(zone) ? [number] : []));
  return new Set(numbers);
}

function measure(ink: Plane, cells: Cells, levels: Plane, { count, labels }: Components): Zone[] {
  const zones = Array.from({ length: count }, () => ({ squares: 0, cubes: 0, light: 0, numCells: 0 }));
  ink.values.forEach((amount, index) => {
    const zone = zones[labels[cells.at(index, ink.width)] ?? 0];
    if (!zone) return;
    zone.squares += amount ** 2;
    zone.cubes += amount ** 3;
  });
  labels.forEach((label, cell) => {
    const zone = zones[label];
    if (!zone) return;
    zone.light += levels.values[cell] ?? 0;
    zone.numCells += 1;
  });
  return zones;
}

/** How dark its ink typically is. */
function typicalOf({ squares, cubes }: Zone): number {
  return divide(cubes, Math.max(squares, 1));
}

/** How light its paper is. */
function lightOf({ light, numCells }: Zone): number {
  return divide(light, numCells);
}
