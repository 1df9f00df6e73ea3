import type { PictureSize } from "./picture_size.ts";
import { startsWith } from "./starts_with.ts";

const CHUNK_AT = 12;
const DATA_AT = 20;
const HEAD_LENGTH = 30;

/**
 * Find the size a WebP file declares, in any of its three layouts; undefined if it is none.
 *
 * Source: RFC 9649, 2.5 to 2.7; of a lossy frame RFC 6386, 9.1.
 */
export function findWebpSize(content: DataView): PictureSize | undefined {
  if (!startsWith(content, ascii("RIFF")) || !startsWith(content, ascii("WEBP"), 8)) return undefined;
  if (content.byteLength < HEAD_LENGTH) return undefined;
  if (startsWith(content, ascii("VP8X"), CHUNK_AT)) return readExtended(content);
  if (startsWith(content, ascii("VP8L"), CHUNK_AT)) return readLossless(content);
  return startsWith(content, ascii("VP8 "), CHUNK_AT) ? readLossy(content) : undefined;
}

function ascii(letters: string): number[] {
  return Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** A byte of flags, three that are reserved, then both sides less one, in three bytes each. */
function readExtended(content: DataView): PictureSize {
  const side = (at: number) => content.getUint16(at, true) + content.getUint8(at + 2) * 65_536 + 1;
  return { width: side(DATA_AT + 4), height: side(DATA_AT + 7) };
}

/** A signature of one byte, then both sides less one, in 14 bits each. */
function readLossless(content: DataView): PictureSize {
  const bits = content.getUint32(DATA_AT + 1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** A frame tag and a start code of three bytes each, then both sides in the lower 14 bits of two bytes each. */
function readLossy(content: DataView): PictureSize {
  return {
    width: content.getUint16(DATA_AT + 6, true) & 0x3fff,
    height: content.getUint16(DATA_AT + 8, true) & 0x3fff,
  };
}
