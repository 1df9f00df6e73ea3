/** A picture's pixels, decoded by the browser. */
import type { Colours } from "../plane.ts";
import { PhotoRefusedError } from "../refusal.ts";
import { Shrinking } from "../shrinking.ts";

/** Pixels of a large picture are handled a few rows at a time: so many. */
const PIXELS_AT_A_TIME = 2 ** 20;

/**
 * Decode a picture, the right way up, and shrink it; of one that moves, its first image.
 *
 * @param content of its file, already checked.
 * @throws PhotoRefusedError it cannot be decoded, or this browser cannot do it off the page's thread.
 */
export async function decode(content: ArrayBuffer): Promise<Colours> {
  if (typeof OffscreenCanvas === "undefined") throw new PhotoRefusedError("no_reader");
  const image = await open(content);
  const shrinking = new Shrinking(image.width, image.height);
  for (const data of readRows(image)) shrinking.add(data);
  image.close();
  return shrinking.finish();
}

async function open(content: ArrayBuffer): Promise<ImageBitmap> {
  try {
    // Colours as they are in the file, as the server sees them: a colour profile is no business of ink on paper.
    return await createImageBitmap(new Blob([content]), {
      imageOrientation: "from-image",
      colorSpaceConversion: "none",
    });
  } catch {
    throw new PhotoRefusedError("broken");
  }
}

/** Give RGBA of some rows after the other. */
function* readRows(image: ImageBitmap): Generator<Uint8ClampedArray> {
  const { width, height } = image;
  const numRows = Math.max(1, Math.min(height, Math.floor(PIXELS_AT_A_TIME / width)));
  const context = new OffscreenCanvas(width, numRows).getContext("2d", { willReadFrequently: true });
  if (!context) throw new PhotoRefusedError("no_reader");
  // What was there before goes, also where the picture is transparent.
  context.globalCompositeOperation = "copy";
  context.imageSmoothingEnabled = false;
  for (let top = 0; top < height; top += numRows) {
    const rows = Math.min(numRows, height - top);
    context.drawImage(image, 0, top, width, rows, 0, 0, width, rows);
    yield context.getImageData(0, 0, width, rows).data;
  }
}
