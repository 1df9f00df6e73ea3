/** A point of a found drawing: whole pixels of the shrunk picture, x to the right, y downwards; branded as ink's are. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
  readonly unit?: "canvas";
}

/** Strokes as a pen would have drawn them, each with at least one point. */
export type CanvasStrokes = readonly (readonly CanvasPoint[])[];
