import type { CanvasPoint } from "./canvas_point.ts";
import { type Framed, listPixels } from "./framed.ts";

/** Where to look from a walk's first pixel, and for what a walk is held by: sides before corners. */
const SIDES_FIRST = [0, 2, 4, 6, 1, 3, 5, 7];

/** Where to look from there on, against the way that was come: straight on first, back last. */
const STRAIGHT_FIRST = [0, 1, 7, 2, 6, 3, 5, 4];

/**
 * Follow the lines of a skeleton (step 12).
 *
 * @param depth how deep the mask was: what is shorter and hangs on something is a spur that thinning has left.
 */
export function follow(skeleton: Framed, depth: number): CanvasPoint[][] {
  const { stride } = skeleton;
  const left = Uint8Array.from(skeleton.cells);
  const longestSpur = Math.max(2, Math.floor(depth / 2));
  return findStarts(skeleton)
    .map((start) => (left[start] === 1 ? walk(skeleton, left, start) : []))
    .map((path) => (path.length > 0 ? finish(skeleton, path, longestSpur) : []))
    .filter((path) => path.length > 0)
    .map((path) => path.map((pixel) => ({ x: pixel % stride, y: Math.floor(pixel / stride) })));
}

/** Ends and lone dots first, then everything, for loops have no end. */
function findStarts(skeleton: Framed): number[] {
  const { cells, steps } = skeleton;
  const pixels = listPixels(skeleton);
  const isEnd = (pixel: number) => steps.filter((step) => cells[pixel + step] === 1).length <= 1;
  return [...pixels.filter(isEnd), ...pixels];
}

/** Walk from a pixel as long as there is a way. @param left what no walk has passed; it is changed. */
function walk({ steps }: Framed, left: Uint8Array, start: number): number[] {
  const path = [start];
  left[start] = 0;
  let pixel = start;
  let came: number | undefined;
  for (;;) {
    const ways = came === undefined ? SIDES_FIRST : STRAIGHT_FIRST.map((turn) => ((came ?? 0) + turn) % 8);
    const way = ways.find((direction) => left[pixel + (steps[direction] ?? 0)] === 1);
    if (way === undefined) return path;
    pixel += steps[way] ?? 0;
    came = way;
    left[pixel] = 0;
    path.push(pixel);
  }
}

/** Close a walk that is a loop, tie one to what it hangs on, drop one that is a spur (nothing is left of it). */
function finish(skeleton: Framed, path: readonly number[], longestSpur: number): readonly number[] {
  const own = new Set(path);
  const [first, last] = [path[0] ?? 0, path.at(-1) ?? 0];
  const before = findHold(skeleton, own, first);
  const after = findHold(skeleton, own, last);
  if (before === undefined && after === undefined) return isLoop(skeleton, path) ? [...path, first] : path;
  if (before !== undefined && after !== undefined) {
    return path.length === 1 ? [] : [before, ...path, after];
  }
  if (path.length <= longestSpur) return [];
  return before === undefined ? [...path, after ?? 0] : [before, ...path];
}

/** Find what a pixel hangs on: a neighbour that is not in its own walk. */
function findHold({ cells, steps }: Framed, own: ReadonlySet<number>, pixel: number): number | undefined {
  const neighbours = SIDES_FIRST.map((direction) => pixel + (steps[direction] ?? 0));
  return neighbours.find((neighbour) => cells[neighbour] === 1 && !own.has(neighbour));
}

function isLoop({ steps }: Framed, path: readonly number[]): boolean {
  return path.length > 3 && steps.some((step) => (path[0] ?? 0) + step === path.at(-1));
}
