/** The three planes a drawing passes through; branded, so that none is taken for another. */

/** Where the pen was: x to the right, y downwards, in any unit that is the same for the whole drawing. */
export interface PadPoint {
  readonly x: number;
  readonly y: number;
}

export type PadStrokes = readonly (readonly PadPoint[])[];

/** A point of Quick, Draw!'s box: integers, 0..255. */
export interface BoxPoint {
  readonly x: number;
  readonly y: number;
  readonly unit?: "box";
}

/** A stroke as it is stored and sent: all x, then all y, of its points in the box. */
export type InkStroke = readonly [xs: readonly number[], ys: readonly number[]];

export type InkStrokes = readonly InkStroke[];

/** A point of the bitmap's plane, or the way between two: integers, in 1/256 px, which is cairo's precision. */
export interface SubpixelPoint {
  readonly x: number;
  readonly y: number;
  readonly unit?: "subpixel";
}
