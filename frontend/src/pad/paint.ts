/** Paints a drawing on a canvas, at any size and pixel ratio. */
import type { Drawing } from "./history.ts";
import { PAPER_SIDE, type PaperPoint, type PaperStroke } from "./stroke.ts";

/** Width of the pen in paper units: as thick against the pad as Quick, Draw!'s was. */
const PEN_WIDTH = 14;

/**
 * Paint a drawing over whatever the canvas shows.
 *
 * @param side of the canvas in its own pixels.
 * @param colour of the ink, any CSS colour.
 */
export function paintDrawing(
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  side: number,
  colour: string,
): void {
  const scale = side / PAPER_SIDE;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, PAPER_SIDE, PAPER_SIDE);
  context.lineWidth = PEN_WIDTH;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = colour;
  for (const stroke of drawing) paintStroke(context, stroke);
}

/** A line through the middles between points, bent by the points: smooth where the pen was fast. */
function paintStroke(context: CanvasRenderingContext2D, stroke: PaperStroke): void {
  const [first, ...others] = stroke;
  if (!first) return;
  context.beginPath();
  context.moveTo(first.x, first.y);
  let before = first;
  for (const point of others) {
    const middle = between(before, point);
    context.quadraticCurveTo(before.x, before.y, middle.x, middle.y);
    before = point;
  }
  // Also makes a lone point a dot: a line to itself has round caps.
  context.lineTo(before.x, before.y);
  context.stroke();
}

function between(one: PaperPoint, other: PaperPoint): PaperPoint {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
