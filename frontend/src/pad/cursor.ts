/** The keyboard's pen: where keys move it, as a pure function of the keys that are held. */
import { PAPER_SIDE, type PaperPoint } from "./stroke.ts";

/** In paper units: fine enough for an ear, 40 presses from side to side. */
export const STEP = 25;

/** With Shift: ten presses from side to side. */
export const LARGE_STEP = 100;

/** Directions by `KeyboardEvent.key`; a keypad without Num Lock gives all eight, two arrows held together the slanting ones. */
const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-1, -1],
  PageUp: [1, -1],
  End: [-1, 1],
  PageDown: [1, 1],
};

/** Tell whether a key moves the pen. */
export function isDirection(key: string): boolean {
  return key in DIRECTIONS;
}

/**
 * Move the pen one step along the sum of the keys that are held; it stays on the paper.
 *
 * @param keys those of them that are directions; opposite ones cancel out.
 * @param step in paper units.
 */
export function moveCursor(cursor: PaperPoint, keys: Iterable<string>, step: number): PaperPoint {
  let [x, y] = [0, 0];
  for (const key of keys) {
    const [right, down] = DIRECTIONS[key] ?? [0, 0];
    x += right;
    y += down;
  }
  return { x: onPaper(cursor.x + Math.sign(x) * step), y: onPaper(cursor.y + Math.sign(y) * step) };
}

function onPaper(value: number): number {
  return Math.min(PAPER_SIDE, Math.max(0, value));
}
