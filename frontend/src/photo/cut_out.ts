import type { Box } from "./box.ts";
import { extentOf } from "./box.ts";
import { crop } from "./crop.ts";
import { divide } from "./divide.ts";
import { enlarge } from "./enlarge.ts";
import { findBox } from "./find_box.ts";
import { grow } from "./grow.ts";
import type { Mask, Plane } from "./plane.ts";
import type { Measured } from "./strip_borders.ts";

/** Drawings whose longer side has fewer pixels are enlarged. */
const LARGE_ENOUGH = 192;

/** Cut the drawing out; a small one is enlarged, with the ink at its lines' edges saying where they end (step 9). */
export function cutOut({ ink, thresholds }: Measured, drawing: Mask): Mask {
  const box = findBox(drawing);
  const times = Math.ceil(LARGE_ENOUGH / extentOf(box));
  const asItIs = select(crop(drawing, box), 1);
  if (times === 1) return asItIs;
  const near = grow(drawing).values;
  const amounts = { ...ink, values: ink.values.map((amount, index) => (near[index] === 1 ? amount : 0)) };
  const enlarged = enlarge(crop(amounts, widen(box)), times);
  const { low, reference } = thresholds;
  const half = Math.max(low, divide((times >= 4 ? 65 : 50) * reference, 100));
  const mask = select(enlarged, 4 * times * times * half);
  return mask.values.includes(1) ? mask : asItIs;
}

function widen({ left, top, right, bottom }: Box): Box {
  return { left: left - 1, top: top - 1, right: right + 1, bottom: bottom + 1 };
}

function select({ width, height, values }: Plane, least: number): Mask {
  return { width, height, values: Uint8Array.from(values, (value) => (value >= least ? 1 : 0)) };
}
