/** Drawings as pictures: black ink on nothing, which the style sheet turns over in the dark. */
import type { Drawing } from "../../../pad/history.ts";
import { paintDrawing, prepare } from "../../../pad/paint.ts";
import { PAPER_SIDE } from "../../../pad/stroke.ts";
import { make } from "../../element.ts";
import { type Bitmap, showBitmap } from "../seen.ts";
import { fillPaper } from "./fill_paper.ts";

const INK = "#000";

/**
 * Paint a drawing's lines as they were drawn, as large as the picture.
 *
 * @param side of the canvas in its own pixels.
 * @param boldness of the pen; small pictures want a bolder one.
 */
export function paintAsDrawn(drawing: Drawing, side: number, boldness = 1): HTMLCanvasElement {
  const canvas = makeCanvas("drawn");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  // On a smaller paper the same pen is bolder.
  prepare(context, side * boldness, INK);
  paintDrawing(context, fillPaper(drawing, PAPER_SIDE / boldness));
  return canvas;
}

/** Paint a bitmap as the model sees it: one canvas pixel a pixel. */
export function paintAsSeen(bitmap: Bitmap): HTMLCanvasElement {
  const canvas = makeCanvas("pixels");
  showBitmap(canvas, bitmap);
  return canvas;
}

/** How many canvas pixels a bitmap's pixel becomes on each side. */
const ENLARGED = 4;

/** Paint a bitmap as lines for the eye: enlarged, and what the enlarging blurred made sharp again. */
export function paintSmooth(bitmap: Bitmap): HTMLCanvasElement {
  const canvas = makeCanvas("drawn");
  canvas.width = bitmap.width * ENLARGED;
  canvas.height = bitmap.height * ENLARGED;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return canvas;
  context.imageSmoothingQuality = "high";
  context.drawImage(paintAsSeen(bitmap), 0, 0, canvas.width, canvas.height);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let place = 3; place < pixels.data.length; place += 4) {
    pixels.data[place] = sharpen(pixels.data[place] ?? 0);
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** A steeper way from paper to ink. @param ink 0..255. */
export function sharpen(ink: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, (ink / 255 - 0.25) * 2.5)));
}

function makeCanvas(name: string): HTMLCanvasElement {
  return make("canvas", { class: `picture ${name}`, attributes: { "aria-hidden": "true" } });
}
