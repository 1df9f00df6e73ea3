import { BOX_SIDE, SUBPIXELS } from "./grid.ts";
import type { SubpixelPoint } from "./points.ts";

/** Diameter of the pen, in units of the box. Source: Quick, Draw!'s recipe, docs/decisions/0003-ink.md. */
const LINE_WIDTH = 16;

const HALF_ROOT_3 = 0.8660254037844386;

/**
 * Of every twelfth of a turn; written down, because no standard says how a language rounds a cosine. Twelve is what
 * cairo takes for this radius at 28 x 28 and its tolerance of 0.1 px; we keep it at every size.
 */
const COSINES = [1, HALF_ROOT_3, 0.5, 0, -0.5, -HALF_ROOT_3, -1, -HALF_ROOT_3, -0.5, 0, 0.5, HALF_ROOT_3];

/** The pen that cairo draws round lines with: no circle, but a polygon. */
export interface Pen {
  /** In subpixels. */
  readonly radius: number;
  /** From its middle, clockwise as seen on the screen. */
  readonly vertices: readonly SubpixelPoint[];
  /** Side k is the way from vertex k - 1 to vertex k. */
  readonly sides: readonly SubpixelPoint[];
}

/** Make the pen for bitmaps of one size, given in pixels. */
export function makePen(height: number, width: number): Pen {
  const radius = ((LINE_WIDTH / 2) * SUBPIXELS * Math.min(height, width)) / BOX_SIDE;
  const vertices = COSINES.map((cosine, k) => ({
    x: Math.floor(radius * cosine + 0.5),
    y: Math.floor(radius * (COSINES.at(k - 3) ?? 0) + 0.5),
  }));
  const sides = vertices.map(({ x, y }, k) => {
    const before = vertices.at(k - 1) ?? { x, y };
    return { x: x - before.x, y: y - before.y };
  });
  return { radius, vertices, sides };
}
