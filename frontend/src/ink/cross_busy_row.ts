import { SUB_ROWS } from "./grid.ts";
import { roundedX } from "./rounded_x.ts";
import type { Passage } from "./sort_rows.ts";

/** Where a span of ink begins or ends on a sub-row. */
export interface Crossing {
  /** In half subpixels. */
  readonly x: number;
  /** 1 where it begins, -1 where it ends. */
  readonly sign: number;
}

/** More than any x, in subpixels: bitmaps are less than 4096 pixels wide. */
const STRIDE = 2 ** 20;

/** Sample the edges of a pixel row on each of its sub-rows. */
export function crossBusyRow(passages: readonly Passage[], row: number): Crossing[] {
  const crossings: Crossing[] = [];
  let winding = 0;
  for (const packed of pack(passages, row).sort()) {
    const before = winding;
    winding += packed & 1 ? 1 : -1;
    if (before !== 0 && winding !== 0) continue;
    crossings.push({ x: packed & (2 * STRIDE - 2), sign: before === 0 ? 1 : -1 });
  }
  return crossings;
}

/** Put sub-row, x and direction of each sample into one integer: integers are sorted much faster than objects. */
function pack(passages: readonly Passage[], row: number): Int32Array {
  const top = row * SUB_ROWS;
  const packed = new Int32Array(passages.length * SUB_ROWS);
  let num = 0;
  for (const { edge } of passages) {
    const end = Math.min(edge.end, top + SUB_ROWS);
    for (let subRow = Math.max(edge.first, top); subRow < end; subRow += 1) {
      const x = roundedX(edge, 2 * subRow + 1);
      packed[num] = ((subRow - top) * STRIDE + x) * 2 + (edge.direction > 0 ? 1 : 0);
      num += 1;
    }
  }
  return packed.subarray(0, num);
}
