/** Heads of picture files, byte by byte: what says how large a picture is, and nothing of its pixels. */

function ascii(letters: string): number[] {
  return Array.from(letters, (letter) => letter.charCodeAt(0));
}

function big(value: number, numBytes: number): number[] {
  return little(value, numBytes).reverse();
}

function little(value: number, numBytes: number): number[] {
  return Array.from({ length: numBytes }, (_, index) => Math.floor(value / 256 ** index) % 256);
}

function toBuffer(bytes: readonly number[]): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

export function pngHead(width: number, height: number): ArrayBuffer {
  const signature = [0x89, ...ascii("PNG\r\n\x1a\n")];
  return toBuffer([
    ...signature,
    ...big(13, 4),
    ...ascii("IHDR"),
    ...big(width, 4),
    ...big(height, 4),
    8,
    2,
    0,
    0,
    0,
  ]);
}

/** @param marker of the frame: 0xc0 baseline, 0xc2 progressive. */
export function jpegHead(width: number, height: number, marker = 0xc0): ArrayBuffer {
  const exif = [0xff, 0xe1, ...big(10, 2), ...ascii("Exif\0\0"), 0xff, 0xc0];
  const huffmanTable = [0xff, 0xc4, ...big(4, 2), 0, 0];
  const frame = [0xff, 0xff, marker, ...big(11, 2), 8, ...big(height, 2), ...big(width, 2), 1, 1, 0x11, 0];
  return toBuffer([0xff, 0xd8, ...exif, ...huffmanTable, ...frame]);
}

function webp(chunk: string, data: readonly number[]): ArrayBuffer {
  const riff = [...ascii("RIFF"), ...little(22, 4), ...ascii("WEBP")];
  const padded = [...data, ...Array<number>(10).fill(0)].slice(0, Math.max(10, data.length));
  return toBuffer([...riff, ...ascii(chunk), ...little(padded.length, 4), ...padded]);
}

export function lossyWebpHead(width: number, height: number): ArrayBuffer {
  return webp("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, ...little(width, 2), ...little(height, 2)]);
}

export function losslessWebpHead(width: number, height: number): ArrayBuffer {
  return webp("VP8L", [0x2f, ...little(width - 1 + (height - 1) * 2 ** 14, 4)]);
}

export function extendedWebpHead(width: number, height: number): ArrayBuffer {
  return webp("VP8X", [0x10, 0, 0, 0, ...little(width - 1, 3), ...little(height - 1, 3)]);
}
