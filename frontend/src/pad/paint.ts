/** Paints curves on a canvas, at any size and pixel ratio. */
import { type Curve, makeCurves, makeTail } from "./curves.ts";
import type { Drawing } from "./history.ts";
import { PAPER_SIDE } from "./stroke.ts";

/** A path that crosses itself a thousand times takes a browser long to fill; short ones do not. */
const CURVES_A_PATH = 128;

/** In paper units: a line without any length has no round ends in Chromium, so a dot gets the least there is. */
const HAIR = 0.01;

/**
 * Make a canvas ready for curves in paper units.
 *
 * @param side of the canvas in its own pixels.
 * @param colour of the ink, any CSS colour.
 */
export function prepare(context: CanvasRenderingContext2D, side: number, colour: string): void {
  const scale = side / PAPER_SIDE;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = colour;
}

/** Paint a drawing over whatever a prepared canvas shows. */
export function paintDrawing(context: CanvasRenderingContext2D, drawing: Drawing): void {
  context.clearRect(0, 0, PAPER_SIDE, PAPER_SIDE);
  for (const stroke of drawing) paintCurves(context, [...makeCurves(stroke), ...makeTail(stroke)]);
}

/** Add curves to what a prepared canvas shows; those of one width that follow each other become one path. */
export function paintCurves(context: CanvasRenderingContext2D, curves: readonly Curve[]): void {
  let numInPath = 0;
  for (const [number, { from, bend, to, width }] of curves.entries()) {
    if (numInPath === 0) {
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineWidth = width;
    }
    if (bend === from) context.lineTo(to.x + HAIR, to.y);
    else context.quadraticCurveTo(bend.x, bend.y, to.x, to.y);
    numInPath += 1;
    if (numInPath < CURVES_A_PATH && curves[number + 1]?.width === width) continue;
    context.stroke();
    numInPath = 0;
  }
}
