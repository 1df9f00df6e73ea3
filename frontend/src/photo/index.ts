/** What finds a drawing in a picture, for the worker and for the parity tests: bit for bit model_server.photo. */
export { findStrokes } from "./find_strokes.ts";
export { PHOTO_LIMITS } from "./limits.ts";
export type { Pixels } from "./plane.ts";
export { PhotoRefusedError } from "./refusal.ts";
export { Shrinking } from "./shrinking.ts";
