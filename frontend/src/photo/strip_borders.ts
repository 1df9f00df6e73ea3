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

/** Take off what hugs a side. @returns undefined if nothing does, or too little would be left. */
function strip({ ink, thresholds }: Measured): Measured | undefined {
  const { width, height } = ink;
  const { blots, labels } = findBlots(ink, thresholds.low);
  const hugging = blots.map((blot) => hugsSide(blot, width, height));
  if (!hugging.includes(true)) return undefined;
  const mask = { width, height, values: Uint8Array.from(labels, (label) => (hugging[label] ? 1 : 0)) };
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

function hugsSide({ atBorder }: Readonly<Blot>, width: number, height: number): boolean {
  const { top, bottom, left, right } = atBorder;
  return 4 * Math.max(top, bottom) >= width || 4 * Math.max(left, right) >= height;
}

function holdsDrawing(ink: Plane, { low }: Thresholds): boolean {
  const side = Math.max(ink.width, ink.height);
  return findBlots(ink, low).blots.some(({ box }) => 8 * extentOf(box) >= side);
}
