/** A drawing as it is guessed and stored: made once, so that both are the very same bytes. */
import { draw } from "../../ink/index.ts";
import type { Drawing } from "../../pad/history.ts";
import type { Manifest } from "../../predict/manifest.ts";
import type { SentStrokes } from "../../server/doodles.ts";

export interface Sketch {
  readonly strokes: SentStrokes;
  /** uint8, shape (height, width) flattened row-major; 0 paper, 255 ink. */
  readonly bitmap: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** Make the sketch of a drawing, at the size that a network reads. */
export function makeSketch(drawing: Drawing, { height, width }: Manifest["input"]): Sketch {
  const { ink, bitmap } = draw(drawing, height, width);
  return { strokes: ink, bitmap, height, width };
}
