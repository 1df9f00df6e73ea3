/** The pad: pointer events in, strokes out; what it shows follows its size, the screen's pixels and the theme. */
import { addStroke, clear, type Drawing, EMPTY_HISTORY, type History, redo, replace, undo } from "./history.ts";
import { paintDrawing } from "./paint.ts";
import { PAPER_SIDE, type PaperPoint } from "./stroke.ts";

export interface PadLimits {
  readonly maxStrokes: number;
  /** Over all strokes. */
  readonly maxPoints: number;
}

export interface PadListeners {
  /** The drawing changed: a point, a stroke, an undo. Called for every event; what it starts should be thrifty. */
  onChange(): void;
  /** The drawing has all the ink it may have; the pen is off. */
  onFull(): void;
}

/**
 * A square canvas that is drawn on.
 *
 * One pointer draws at a time; a second finger is ignored. Strokes that were begun are kept however they end.
 */
export class Pad {
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly limits: PadLimits;
  private readonly listeners: PadListeners;
  private history: History = EMPTY_HISTORY;
  private pointer: number | undefined;
  private stroke: PaperPoint[] = [];
  private locked = false;
  private repaintPlanned = false;

  constructor(canvas: HTMLCanvasElement, limits: PadLimits, listeners: PadListeners) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser gives no 2d canvas to draw on");
    this.canvas = canvas;
    this.context = context;
    this.limits = limits;
    this.listeners = listeners;
    this.listenToPointers();
    this.watchLooks();
  }

  /** What is drawn, with the stroke that is being drawn. */
  get drawing(): Drawing {
    return this.stroke.length > 0 ? [...this.history.present, this.stroke] : this.history.present;
  }

  get isEmpty(): boolean {
    return this.drawing.length === 0;
  }

  get canUndo(): boolean {
    return !this.locked && this.history.past.length > 0;
  }

  get canRedo(): boolean {
    return !this.locked && this.history.future.length > 0;
  }

  undo(): void {
    this.step(undo);
  }

  redo(): void {
    this.step(redo);
  }

  clear(): void {
    this.step(clear);
  }

  /** Put a drawing on the pad in the place of what is there, as one step; it keeps the limits, which is the caller's care. */
  put(drawing: Drawing): void {
    this.step((history) => replace(history, drawing));
  }

  /** Let nothing change until `startOver`. */
  lock(): void {
    this.endStroke();
    this.locked = true;
    this.canvas.classList.add("locked");
  }

  /** Let a locked pad be drawn on again, with what is on it. */
  unlock(): void {
    this.locked = false;
    this.canvas.classList.remove("locked");
  }

  /** A fresh sheet, with no way back to the old one. */
  startOver(): void {
    this.stroke = [];
    this.pointer = undefined;
    this.history = EMPTY_HISTORY;
    this.unlock();
    this.changed();
  }

  private step(change: (history: History) => History): void {
    if (this.locked) return;
    this.endStroke();
    this.history = change(this.history);
    this.changed();
  }

  private listenToPointers(): void {
    this.canvas.addEventListener("pointerdown", (event) => this.penDown(event));
    this.canvas.addEventListener("pointermove", (event) => this.penMove(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      this.canvas.addEventListener(end, (event) => this.penUp(event));
    }
  }

  private penDown(event: PointerEvent): void {
    if (this.locked || this.pointer !== undefined || event.button !== 0) return;
    if (this.isFull) return this.listeners.onFull();
    event.preventDefault();
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.addPoints([event]);
  }

  private penMove(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    event.preventDefault();
    const coalesced = event.getCoalescedEvents?.() ?? [];
    this.addPoints(coalesced.length > 0 ? coalesced : [event]);
  }

  private penUp(event: PointerEvent): void {
    if (event.pointerId === this.pointer) this.endStroke();
  }

  private addPoints(events: readonly PointerEvent[]): void {
    const frame = this.canvas.getBoundingClientRect();
    const scale = PAPER_SIDE / frame.width;
    for (const { clientX, clientY } of events) {
      this.stroke.push({ x: (clientX - frame.left) * scale, y: (clientY - frame.top) * scale });
    }
    this.changed();
    if (this.isFull) {
      this.endStroke();
      this.listeners.onFull();
    }
  }

  private endStroke(): void {
    this.pointer = undefined;
    if (this.stroke.length === 0) return;
    this.history = addStroke(this.history, this.stroke);
    this.stroke = [];
    this.changed();
  }

  private get isFull(): boolean {
    const numPoints = this.drawing.reduce((sum, stroke) => sum + stroke.length, 0);
    return numPoints >= this.limits.maxPoints || this.history.present.length >= this.limits.maxStrokes;
  }

  private changed(): void {
    this.planRepaint();
    this.listeners.onChange();
  }

  private watchLooks(): void {
    new ResizeObserver(() => this.repaint()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.planRepaint());
    this.watchPixelRatio();
  }

  /** A window moved to another screen, or zoomed: each ratio has a query of its own, so ask anew after each change. */
  private watchPixelRatio(): void {
    const changed = () => {
      this.planRepaint();
      this.watchPixelRatio();
    };
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", changed, { once: true });
  }

  private planRepaint(): void {
    if (this.repaintPlanned) return;
    this.repaintPlanned = true;
    requestAnimationFrame(() => this.repaint());
  }

  private repaint(): void {
    this.repaintPlanned = false;
    const side = Math.round(this.canvas.clientWidth * devicePixelRatio);
    if (this.canvas.width !== side) {
      this.canvas.width = side;
      this.canvas.height = side;
    }
    paintDrawing(this.context, this.drawing, side, getComputedStyle(this.canvas).color);
  }
}
