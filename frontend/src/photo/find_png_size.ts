import type { PictureSize } from "./picture_size.ts";
import { startsWith } from "./starts_with.ts";

/** Source: PNG (third edition), 5.2 signature and 11.2.1 image header, which comes first. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const WIDTH_AT = 16;
const HEIGHT_AT = 20;

/** Find the size a PNG file declares; undefined if it is none. */
export function findPngSize(content: DataView): PictureSize | undefined {
  if (!startsWith(content, SIGNATURE) || content.byteLength < HEIGHT_AT + 4) return undefined;
  return { width: content.getUint32(WIDTH_AT), height: content.getUint32(HEIGHT_AT) };
}
