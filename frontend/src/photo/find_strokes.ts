import type { CanvasStrokes } from "./canvas_point.ts";
import { PhotoRefusedError } from "./refusal.ts";

export function findStrokes(_pixels: unknown): CanvasStrokes {
  throw new PhotoRefusedError("no_ink");
}
