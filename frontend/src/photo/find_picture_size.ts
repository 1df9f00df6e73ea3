import { findJpegSize } from "./find_jpeg_size.ts";
import { findPngSize } from "./find_png_size.ts";
import { findWebpSize } from "./find_webp_size.ts";
import type { PictureSize } from "./picture_size.ts";

/**
 * Find how large a picture file says it is; what it is called counts for nothing.
 *
 * @param content of the whole file.
 * @returns undefined if it is no PNG, JPEG or WebP file, or one that has not even its head.
 */
export function findPictureSize(content: ArrayBuffer): PictureSize | undefined {
  const view = new DataView(content);
  return findPngSize(view) ?? findJpegSize(view) ?? findWebpSize(view);
}
