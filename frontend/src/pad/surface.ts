/** What a pad shows: ink that has set, ink that is still wet, and everything anew when its looks change. */
import { makeCurves, makeTail, PEN_WIDTH, penWidth } from "./curves.ts";
import type { Drawing } from "./history.ts";
import { paintCurves, paintDrawing, prepare } from "./paint.ts";
import { PAPER_SIDE, type PaperStroke } from "./stroke.ts";

/** What a canvas is to show. */
export interface Sheet {
  /** Finished strokes. */
  readonly dry: Drawing;
  /** The stroke in progress; without points if there is none. */
  readonly wet: PaperStroke;
}

/** So many curves may be wet before the older ones set, and so many stay wet then: where pieces meet, edges are a trace darker. */
const MOST_WET = 64;
const LEFT_WET = 16;

/**
 * Two canvases, one on the other.
 *
 * The end of the stroke in progress, and where it is expected to go, lie on the upper one, and are painted anew with each
 * point. What no further point can bend sets: it is painted once, on the lower one. So a point costs the same whether it
 * is the first or the ten-thousandth, and is shown with the next frame.
 */
export class Surface {
  private readonly canvas: HTMLCanvasElement;
  private readonly overlay: HTMLCanvasElement;
  private readonly dry: CanvasRenderingContext2D;
  private readonly wet: CanvasRenderingContext2D;
  private readonly sheet: () => Sheet;
  /** How many curves of the stroke in progress have set. */
  private numSet = 0;
  private repaintPlanned = false;
  /** Which points the upper canvas shows: a later turn takes the place of an earlier one. */
  private turn = 0;
  private wetPoints: PaperStroke = [];

  constructor(canvas: HTMLCanvasElement, sheet: () => Sheet) {
    this.canvas = canvas;
    this.overlay = document.createElement("canvas");
    this.overlay.className = "wet-ink";
    this.overlay.setAttribute("aria-hidden", "true");
    canvas.after(this.overlay);
    this.dry = getContext(canvas);
    this.wet = getContext(this.overlay);
    this.sheet = sheet;
    this.watchLooks();
  }

  /** Show the points that were added to the stroke in progress, and where it is expected to go. */
  extend(stroke: PaperStroke, expected: PaperStroke): void {
    const numCurves = stroke.length - 1;
    if (numCurves - this.numSet > MOST_WET) this.set(stroke, numCurves - LEFT_WET);
    this.showWet(stroke, expected);
    if (expected.length > 0) this.takeBackSoon(stroke);
  }

  /** The stroke has ended: all its ink sets. */
  end(stroke: PaperStroke): void {
    paintCurves(this.dry, [...makeCurves(stroke, this.numSet + 1), ...makeTail(stroke)]);
    this.wipe();
  }

  /** Show everything anew with the next frame. */
  plan(): void {
    if (this.repaintPlanned) return;
    this.repaintPlanned = true;
    requestAnimationFrame(() => this.repaint());
  }

  private set(stroke: PaperStroke, numCurves: number): void {
    paintCurves(this.dry, makeCurves(stroke.slice(0, numCurves + 1), this.numSet + 1));
    this.numSet = numCurves;
  }

  private wipe(): void {
    this.numSet = 0;
    this.showWet([], []);
  }

  private showWet(stroke: PaperStroke, expected: PaperStroke): void {
    this.turn += 1;
    this.clearWet();
    this.wetPoints = [...stroke.slice(Math.max(0, this.numSet - 1)), ...expected];
    paintCurves(this.wet, [...makeCurves(stroke, this.numSet + 1), ...makeTail(stroke, expected)]);
  }

  /** Clear no more than was painted: a whole pad takes as long as hundreds of curves. */
  private clearWet(): void {
    if (this.wetPoints.length === 0) return;
    const [xs, ys] = [this.wetPoints.map(({ x }) => x), this.wetPoints.map(({ y }) => y)];
    const margin = penWidth(1) + PEN_WIDTH;
    const [left, top] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
    this.wet.clearRect(left, top, Math.max(...xs) + margin - left, Math.max(...ys) + margin - top);
  }

  /** A pen that rests sends nothing: what was expected of it is gone by the frame after the next. */
  private takeBackSoon(stroke: PaperStroke): void {
    const { turn } = this;
    const takeBack = () => {
      if (turn === this.turn) this.showWet(stroke, []);
    };
    requestAnimationFrame(() => requestAnimationFrame(takeBack));
  }

  private watchLooks(): void {
    new ResizeObserver(() => this.look()).observe(this.canvas);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => requestAnimationFrame(() => this.look()));
    }
    this.watchPixelRatio();
  }

  /** A window moved to another screen, or zoomed: each ratio has a query of its own, so ask anew after each change. */
  private watchPixelRatio(): void {
    const changed = () => {
      this.look();
      this.watchPixelRatio();
    };
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", changed, { once: true });
  }

  /** Take over the canvas's size and colour, which cost a layout to ask for. */
  private look(): void {
    const side = Math.round(this.canvas.clientWidth * devicePixelRatio);
    const colour = getComputedStyle(this.canvas).color;
    for (const [canvas, context] of [
      [this.canvas, this.dry],
      [this.overlay, this.wet],
    ] as const) {
      if (canvas.width !== side) {
        canvas.width = side;
        canvas.height = side;
      }
      prepare(context, side, colour);
    }
    this.repaint();
  }

  private repaint(): void {
    this.repaintPlanned = false;
    this.wet.clearRect(0, 0, PAPER_SIDE, PAPER_SIDE);
    const { dry, wet } = this.sheet();
    paintDrawing(this.dry, dry);
    this.wipe();
    if (wet.length > 0) this.extend(wet, []);
  }
}

function getContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser gives no 2d canvas to draw on");
  return context;
}
