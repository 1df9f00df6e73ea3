import { describe, expect, test } from "vitest";
import { checkContent, checkLength } from "../../src/photo/check_picture.ts";
import { findPictureSize } from "../../src/photo/find_picture_size.ts";
import { PHOTO_LIMITS } from "../../src/photo/limits.ts";
import { extendedWebpHead, jpegHead, losslessWebpHead, lossyWebpHead, pngHead } from "./picture_files.ts";

const HEADS = {
  PNG: pngHead(4000, 3000),
  "baseline JPEG": jpegHead(4000, 3000),
  "progressive JPEG": jpegHead(4000, 3000, 0xc2),
  "lossy WebP": lossyWebpHead(4000, 3000),
  "lossless WebP": losslessWebpHead(4000, 3000),
  "extended WebP": extendedWebpHead(4000, 3000),
};

function textFile(words: string): ArrayBuffer {
  return new TextEncoder().encode(words).buffer;
}

describe("how large a picture is, is read from its head", () => {
  test.each(Object.entries(HEADS))("of a %s", (_, head) => {
    expect(findPictureSize(head)).toEqual({ width: 4000, height: 3000 });
  });

  test.each(Object.entries(HEADS))("a %s cut off anywhere in it has none, and breaks nothing", (_, head) => {
    for (let length = 0; length < head.byteLength; length += 1) {
      const size = findPictureSize(head.slice(0, length));

      expect([undefined, 4000]).toContain(size?.width);
    }
    expect(findPictureSize(head.slice(0, 9))).toBeUndefined();
  });

  test("a JPEG whose segments lead nowhere has none", () => {
    const endless = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0, ...Array<number>(40).fill(0xff)]);

    expect(findPictureSize(endless.buffer)).toBeUndefined();
  });
});

describe("what is refused before it is decoded", () => {
  test("a file without content, and one with too much", () => {
    expect(checkLength(0)).toBe("empty");
    expect(checkLength(PHOTO_LIMITS.maxBytes)).toBeUndefined();
    expect(checkLength(PHOTO_LIMITS.maxBytes + 1)).toBe("too_many_bytes");
  });

  test("what is no picture, whatever it is called", () => {
    expect(checkContent(textFile("I am no picture, though my name ends in .png"))).toBe("no_picture");
    expect(checkContent(textFile("GIF89a and so on and on and on and on"))).toBe("no_picture");
  });

  test("a picture that would be huge when decoded, however small its file", () => {
    expect(checkContent(pngHead(60_000, 60_000))).toBe("too_many_pixels");
    expect(checkContent(pngHead(2 ** 32 - 1, 2 ** 32 - 1))).toBe("too_many_pixels");
    expect(checkContent(pngHead(10_000, 5000))).toBeUndefined();
  });

  test("a picture of a long side, which the server does not open either", () => {
    expect(checkContent(pngHead(16_385, 9))).toBe("too_long");
    expect(checkContent(pngHead(1, 49_999_999))).toBe("too_long");
    expect(checkContent(pngHead(16_384, 3051))).toBeUndefined();
  });

  test("a picture without pixels", () => {
    expect(checkContent(pngHead(0, 3000))).toBe("broken");
  });
});
