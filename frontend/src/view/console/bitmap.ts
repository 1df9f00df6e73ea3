/** A bitmap as the server keeps it, as a picture. */
import { make } from "../element.ts";

/**
 * Paint a bitmap: black ink, as dark as its value, on paper that shows through. In the dark the style sheet turns it light.
 *
 * @param bitmap base64 of height x width bytes, row by row; 0 paper, 255 ink.
 */
export function paintBitmap(bitmap: string, height: number, width: number): HTMLCanvasElement {
  const canvas = make("canvas", { class: "bitmap", attributes: { "aria-hidden": "true" } });
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (const [index, character] of Array.from(atob(bitmap)).entries())
    image.data[index * 4 + 3] = character.charCodeAt(0);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}
