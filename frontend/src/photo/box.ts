/** The smallest rectangle around some pixels; right and bottom are the last ones in it. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Give a box's longer side. */
export function extentOf({ left, top, right, bottom }: Box): number {
  return Math.max(right - left, bottom - top) + 1;
}

/** Give the box around two boxes. */
export function around(one: Box, other: Box): Box {
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

/** Tell whether a box lies in another one. */
export function liesIn(inner: Box, outer: Box): boolean {
  const both = around(inner, outer);
  return (
    both.left === outer.left &&
    both.top === outer.top &&
    both.right === outer.right &&
    both.bottom === outer.bottom
  );
}
