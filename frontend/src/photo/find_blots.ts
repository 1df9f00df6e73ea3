import type { Box } from "./box.ts";
import { findComponents } from "./find_components.ts";
import type { Plane } from "./plane.ts";

/** A connected piece of ink. */
export interface Blot {
  box: { -readonly [Side in keyof Box]: Box[Side] };
  /** The most ink on any of its pixels. */
  most: number;
  /** All of its ink. */
  mass: number;
  /** How far from the picture's border its innermost pixel is. */
  depth: number;
  /** How many of its pixels lie in the picture's first row, last row, first column, last column. */
  atBorder: { top: number; bottom: number; left: number; right: number };
}

export interface Blots {
  readonly blots: readonly Readonly<Blot>[];
  /** int32, shape (height, width): number of the pixel's blot, -1 where there is none. */
  readonly labels: Int32Array;
}

/** Find and measure the pieces of what has at least so much ink. */
export function findBlots(ink: Plane, low: number): Blots {
  const { width, height, values } = ink;
  const mask = { width, height, values: Uint8Array.from(values, (amount) => (amount >= low ? 1 : 0)) };
  const { count, labels } = findComponents(mask);
  const blots = Array.from({ length: count }, makeBlot);
  labels.forEach((label, index) => {
    const blot = blots[label];
    if (blot) addPixel(blot, index, ink);
  });
  return { blots, labels };
}

function makeBlot(): Blot {
  return {
    box: { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
    most: 0,
    mass: 0,
    depth: 0,
    atBorder: { top: 0, bottom: 0, left: 0, right: 0 },
  };
}

function addPixel(blot: Blot, index: number, { width, height, values }: Plane): void {
  const y = Math.floor(index / width);
  const x = index % width;
  const amount = values[index] ?? 0;
  blot.most = Math.max(blot.most, amount);
  blot.mass += amount;
  blot.depth = Math.max(blot.depth, Math.min(x, width - 1 - x, y, height - 1 - y));
  blot.box.left = Math.min(blot.box.left, x);
  blot.box.right = Math.max(blot.box.right, x);
  blot.box.top = Math.min(blot.box.top, y);
  blot.box.bottom = Math.max(blot.box.bottom, y);
  if (y === 0) blot.atBorder.top += 1;
  if (y === height - 1) blot.atBorder.bottom += 1;
  if (x === 0) blot.atBorder.left += 1;
  if (x === width - 1) blot.atBorder.right += 1;
}
