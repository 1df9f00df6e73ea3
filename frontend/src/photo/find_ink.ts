import { close } from "./close.ts";
import { divide } from "./divide.ts";
import { keepToSheet } from "./keep_to_sheet.ts";
import { measureInk } from "./measure_ink.ts";
import type { Plane } from "./plane.ts";

/** Find how much ink there is in each pixel, 0..255, however unevenly the paper is lit (steps 4 and 5). */
export function findInk(grey: Plane): Plane {
  const { width, height } = grey;
  const paper = close(grey, divide(Math.max(width, height), 12) + 2);
  const values = paper.values.map((level, index) => measureInk(level, grey.values[index] ?? 0));
  return keepToSheet({ width, height, values }, grey, paper);
}
