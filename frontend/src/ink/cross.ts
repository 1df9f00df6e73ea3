import type { SubpixelPoint } from "./points.ts";

/** Give the cross product of two ways: positive when the second turns clockwise, to the right, from the first. */
export function cross(one: SubpixelPoint, other: SubpixelPoint): number {
  return one.x * other.y - one.y * other.x;
}
