import { extentOf } from "./box.ts";
import { type Blot, findBlots } from "./find_blots.ts";
import { findThresholds, type Thresholds } from "./find_thresholds.ts";
import { grow } from "./grow.ts";
import type { Plane } from "./plane.ts";
import { PhotoRefusedError } from "./refusal.ts";

/** Strips come off one by one: table, shadow, the edge of the next sheet. */
const MOST_TIMES = 3;

export interface Measured {
  readonly ink: Plane;
  readonly thresholds: Thresholds;
}

/** Take off what lies along the picture's sides, as long as a drawing is left (step 7). @throws PhotoRefusedError no ink. */
export function stripBorders(ink: Plane): Measured {
  const thresholds = findThresholds(ink);
  if (!thresholds) throw new PhotoRefusedError("no_ink");
  let measured: Measured = { ink, thresholds };
  for (let time = 0; time < MOST_TIMES; time += 1) {
    const stripped = strip(measured);
    if (!stripped) break;
    measured = stripped;
  }
  return measured;
}

/** Take off all strips. @returns undefined if there are none, or too little would be left. */
function strip({ ink, thresholds }: Measured): Measured | undefined {
  const { width, height } = ink;
  const { blots, labels } = findBlots(ink, thresholds.low);
  const strips = blots.map((blot) => isStrip(blot, width, height));
  if (!strips.includes(true)) return undefined;
  const mask = { width, height, values: Uint8Array.from(labels, (label) => (strips[label] ? 1 : 0)) };
  const taken = grow(mask, 2).values;
  const left = {
    width,
    height,
    values: ink.values.map((amount, index) => (taken[index] === 1 ? 0 : amount)),
  };
  const leftThresholds = findThresholds(left);
  return leftThresholds && holdsDrawing(left, leftThresholds)
    ? { ink: left, thresholds: leftThresholds }
    : undefined;
}

/** Tell whether a piece of ink hugs a side of the picture, and does not reach far into it. */
function isStrip({ atBorder, depth }: Readonly<Blot>, width: number, height: number): boolean {
  const { top, bottom, left, right } = atBorder;
  const hugsSide = 4 * Math.max(top, bottom) >= width || 4 * Math.max(left, right) >= height;
  return hugsSide && 8 * depth < Math.max(width, height);
}

function holdsDrawing(ink: Plane, { low }: Thresholds): boolean {
  const side = Math.max(ink.width, ink.height);
  return findBlots(ink, low).blots.some(({ box }) => 8 * extentOf(box) >= side);
}
