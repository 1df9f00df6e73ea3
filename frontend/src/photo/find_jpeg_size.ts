import type { PictureSize } from "./picture_size.ts";
import { startsWith } from "./starts_with.ts";

const START_OF_IMAGE = [0xff, 0xd8, 0xff];

/**
 * Find the size a JPEG file declares: in the first frame header, behind any number of other segments.
 *
 * @returns undefined if it is none, or ends before it says.
 *
 * Source: ITU-T T.81, B.1.1 markers and B.2.2 frame header.
 */
export function findJpegSize(content: DataView): PictureSize | undefined {
  if (!startsWith(content, START_OF_IMAGE)) return undefined;
  let at = 2;
  while (at + 9 <= content.byteLength && content.getUint8(at) === 0xff) {
    const marker = content.getUint8(at + 1);
    if (isFrame(marker)) return { height: content.getUint16(at + 5), width: content.getUint16(at + 7) };
    at += isAlone(marker) ? lengthAlone(marker) : 2 + content.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, without the three in between that are tables and extensions. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Markers without a length: fill bytes, TEM, restarts, start of image. */
function isAlone(marker: number): boolean {
  return marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** A fill byte is one byte; the next may begin a marker. */
function lengthAlone(marker: number): number {
  return marker === 0xff ? 1 : 2;
}
