import { SUB_ROWS } from "./grid.ts";
import type { Passage } from "./sort_rows.ts";

/**
 * Tell whether nothing happens within a pixel row: no edge begins or ends there, none crosses another.
 *
 * @param passages from left to right by their tops.
 */
export function isCalm(passages: readonly Passage[], row: number): boolean {
  const top = row * SUB_ROWS;
  return passages.every(({ edge, bottom }, index) => {
    const before = passages[index - 1];
    return edge.first <= top && edge.end >= top + SUB_ROWS && (!before || before.bottom <= bottom);
  });
}
