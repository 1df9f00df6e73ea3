/** Strokes on a canvas, in the colour of the page's ink. */
import type { Strokes } from "../../../server/gallery.ts";

/** Of the box that strokes are stored in, and as much around it as half a pen. */
const BOX_SIDE = 255;
const MARGIN = 12;
const PEN_WIDTH = 8;

/** Paint strokes over whatever the canvas shows. @param side of the canvas in its own pixels. */
export function paintStrokes(canvas: HTMLCanvasElement, strokes: Strokes, side: number): void {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = side / (BOX_SIDE + 2 * MARGIN);
  context.setTransform(scale, 0, 0, scale, MARGIN * scale, MARGIN * scale);
  context.clearRect(-MARGIN, -MARGIN, BOX_SIDE + 2 * MARGIN, BOX_SIDE + 2 * MARGIN);
  context.lineWidth = PEN_WIDTH;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = getComputedStyle(canvas).color;
  for (const [xs, ys] of strokes) paintStroke(context, xs, ys);
}

function paintStroke(context: CanvasRenderingContext2D, xs: readonly number[], ys: readonly number[]): void {
  context.beginPath();
  for (const [index, x] of xs.entries()) context.lineTo(x, ys[index] ?? 0);
  // A lone point is a dot: a line to itself has round caps.
  if (xs.length === 1) context.lineTo(xs[0] ?? 0, ys[0] ?? 0);
  context.stroke();
}
