import { findPictureSize } from "./find_picture_size.ts";
import { PHOTO_LIMITS } from "./limits.ts";
import type { Refusal } from "./refusal.ts";

/** Judge a file by its length, before it is read. @returns undefined if it may be read. */
export function checkLength(numBytes: number): Refusal | undefined {
  if (numBytes === 0) return "empty";
  return numBytes > PHOTO_LIMITS.maxBytes ? "too_many_bytes" : undefined;
}

/** Judge a file by its content, before it is decoded. @returns undefined if it may be decoded. */
export function checkContent(content: ArrayBuffer): Refusal | undefined {
  const size = findPictureSize(content);
  if (!size) return "no_picture";
  const numPixels = size.width * size.height;
  if (numPixels === 0) return "broken";
  if (numPixels > PHOTO_LIMITS.maxPixels) return "too_many_pixels";
  return Math.max(size.width, size.height) > PHOTO_LIMITS.maxSide ? "too_long" : undefined;
}
