/**
 * Ink: from where the pen was to the bitmap a network sees; bit for bit what doodle_db.ink makes of it.
 *
 *     pad strokes -> normalise -> simplify -> ink strokes -> rasterise -> bitmap
 */
export { type Drawn, draw } from "./draw.ts";
export { BOX_MAX, INK_LIMITS } from "./limits.ts";
export { measureLength } from "./measure_length.ts";
export { normalise } from "./normalise.ts";
export type { InkStroke, InkStrokes, PadPoint, PadStrokes } from "./points.ts";
export { rasterise } from "./rasterise.ts";
export { simplify } from "./simplify.ts";
