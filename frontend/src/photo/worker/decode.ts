/** A picture's pixels, decoded by the browser. */
import { PhotoRefusedError } from "../refusal.ts";

/**
 * Decode a picture, the right way up; of one that moves, its first image.
 *
 * @param content of its file, already checked.
 * @throws PhotoRefusedError it cannot be decoded, or this browser cannot do it off the page's thread.
 */
export async function decode(content: ArrayBuffer): Promise<ImageData> {
  if (typeof OffscreenCanvas === "undefined") throw new PhotoRefusedError("no_reader");
  const image = await open(content);
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new PhotoRefusedError("no_reader");
  context.drawImage(image, 0, 0);
  image.close();
  return context.getImageData(0, 0, width, height);
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
