import { type Framed, frame, listPixels } from "./framed.ts";
import type { Mask } from "./plane.ts";

/**
 * Thin a mask to lines of one pixel, in their middle, that hang together as it did (step 11).
 *
 * @returns the skeleton, framed.
 *
 * Source: Guo and Hall, "Parallel thinning with two-subiteration algorithms", CACM 32 (1989).
 */
export function thin(mask: Mask): Framed {
  const framed = frame(mask);
  let pixels = listPixels(framed);
  for (let pass = 0, numQuiet = 0; numQuiet < 2; pass += 1) {
    const goes = GOING[pass % 2] ?? [];
    // All are judged before any is removed.
    const going = new Set(pixels.filter((pixel) => goes[findNeighbours(framed, pixel)]));
    for (const pixel of going) framed.cells[pixel] = 0;
    pixels = pixels.filter((pixel) => !going.has(pixel));
    numQuiet = going.size > 0 ? 0 : numQuiet + 1;
  }
  return framed;
}

/** Give a pixel's neighbours as bits, the one above as the lowest. */
function findNeighbours({ cells, steps }: Framed, pixel: number): number {
  return steps.reduce((bits, step, place) => bits | ((cells[pixel + step] ?? 0) << place), 0);
}

/** Whether a pixel goes, by its neighbours' bits, in either kind of pass. */
const GOING: readonly (readonly boolean[])[] = [0, 1].map((kind) =>
  Array.from({ length: 256 }, (_, bits) => isGoing(bits, kind)),
);

function isGoing(bits: number, kind: number): boolean {
  const n = (place: number) => ((bits >> (place % 8)) & 1) === 1;
  const count = (holds: (place: number) => boolean) => [0, 2, 4, 6].filter(holds).length;
  const crossings = count((side) => !n(side) && (n(side + 1) || n(side + 2)));
  const ahead = count((side) => n(side) || n(side + 1));
  const behind = count((side) => n(side + 7) || n(side));
  const num = Math.min(ahead, behind);
  const isHeld = kind === 0 ? (n(4) || n(5) || !n(7)) && n(6) : (n(0) || n(1) || !n(3)) && n(2);
  return crossings === 1 && num >= 2 && num <= 3 && !isHeld;
}
