import { normalise } from "./normalise.ts";
import type { InkStrokes, PadStrokes } from "./points.ts";
import { rasterise } from "./rasterise.ts";
import { simplify } from "./simplify.ts";

/** A drawing as it is stored, and as it is guessed. */
export interface Drawn {
  readonly ink: InkStrokes;
  /** uint8, shape (height, width) flattened row-major; 0 paper, 255 full ink. */
  readonly bitmap: Uint8Array;
}

/**
 * Make of a drawing what is stored and what is guessed.
 *
 * @param strokes as the pen drew them, in any unit.
 * @param height of the bitmap, in pixels.
 * @param width of the bitmap, in pixels.
 * @throws RangeError a coordinate is not finite.
 */
export function draw(strokes: PadStrokes, height: number, width: number): Drawn {
  const ink = simplify(normalise(strokes));
  return { ink, bitmap: rasterise(ink, height, width) };
}
