/** What the page and the photo worker say to each other; one picture a worker, which the page ends. */
import type { CanvasStrokes } from "./canvas_point.ts";
import type { Refusal } from "./refusal.ts";

export interface PhotoQuestion {
  /** Of the picture's file; handed over, not copied. */
  readonly content: ArrayBuffer;
}

export type PhotoAnswer =
  /** The picture is decoded; the drawing in it is looked for. */
  | { readonly kind: "finding" }
  | { readonly kind: "found"; readonly strokes: CanvasStrokes }
  | { readonly kind: "refused"; readonly refusal: Refusal };
