/** The pad: pointers and keys in, strokes out. */

import { eraseAlong } from "./erase.ts";
import { beginGesture, drawingDuring, endGesture, type Gesture, type Tool } from "./gesture.ts";
import {
  clear,
  type Drawing,
  EMPTY_HISTORY,
  type History,
  redo,
  replace,
  takeBack,
  undo,
} from "./history.ts";
import { KeyboardPen, type KeyboardPenState } from "./keyboard_pen.ts";
import { Pointers } from "./pointers.ts";
import type { PaperPoint, PaperStroke } from "./stroke.ts";
import { Surface } from "./surface.ts";

export interface PadLimits {
  readonly maxStrokes: number;
  /** Over all strokes. */
  readonly maxPoints: number;
}

export interface PadListeners {
  /** The drawing or the tool changed: a point, a stroke, an undo. Called for every event; what it starts should be thrifty. */
  onChange(): void;
  /** The drawing has all the ink it may have; the pen is off. */
  onFull(): void;
  /** The keyboard's pen moved, was put down, lifted or put away. */
  onKeyboardPen?(state: KeyboardPenState): void;
}

/**
 * A square canvas that is drawn on.
 *
 * One pointer, or the keyboard, draws at a time. Strokes that were begun are kept however they end, but for a hand's that
 * was at rest. What is drawn is kept as it was drawn: smooth curves and a pen's pressure are for the eye only.
 */
export class Pad {
  private readonly canvas: HTMLCanvasElement;
  private readonly limits: PadLimits;
  private readonly listeners: PadListeners;
  private readonly surface: Surface;
  private readonly pointers: Pointers;
  private readonly keys: KeyboardPen;
  private history: History = EMPTY_HISTORY;
  private gesture: Gesture | undefined;
  /** True as long as the last step of the history is the gesture that ended last. */
  private canTakeBack = false;
  private locked = false;
  private chosen: Tool = "pen";

  constructor(canvas: HTMLCanvasElement, limits: PadLimits, listeners: PadListeners) {
    this.canvas = canvas;
    this.limits = limits;
    this.listeners = listeners;
    this.surface = new Surface(canvas, () => ({ dry: this.dry, wet: this.wet }));
    const sink = {
      begin: (point: PaperPoint, tool?: Tool) => this.begin(point, tool),
      extend: (points: PaperStroke, expected: PaperStroke) => this.extend(points, expected),
      end: () => this.end(),
      takeBack: () => this.takeBack(),
    };
    // First: a pointer's contact puts the keyboard's pen away.
    this.keys = new KeyboardPen(canvas, sink, (state) => listeners.onKeyboardPen?.(state));
    this.pointers = new Pointers(canvas, sink);
  }

  /** What is drawn, with the stroke that is being drawn. */
  get drawing(): Drawing {
    return drawingDuring(this.gesture, this.history.present);
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

  /** What a contact does from now on; a pen's tail erases in any case. */
  get tool(): Tool {
    return this.chosen;
  }

  set tool(tool: Tool) {
    this.finish();
    this.chosen = tool;
    this.canvas.dataset["tool"] = tool;
    this.listeners.onChange();
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

  /** Go to the pad with the keyboard. */
  focus(): void {
    this.canvas.focus();
    this.keys.show();
  }

  /** Let nothing change until `startOver`. */
  lock(): void {
    this.finish();
    this.locked = true;
    this.canvas.classList.add("locked");
  }

  /** Let a locked pad be drawn on again, with what is on it. */
  unlock(): void {
    this.locked = false;
    this.canvas.classList.remove("locked");
  }

  /** A fresh sheet and a pen, with no way back to the old sheet. */
  startOver(): void {
    this.gesture = undefined;
    this.finish();
    this.history = EMPTY_HISTORY;
    this.unlock();
    this.tool = "pen";
    this.surface.plan();
  }

  /** What has set: everything but the ink that flows just now. */
  private get dry(): Drawing {
    return this.gesture?.tool === "eraser" ? this.gesture.left : this.history.present;
  }

  private get wet(): PaperStroke {
    return this.gesture?.tool === "pen" ? this.gesture.points : [];
  }

  private step(change: (history: History) => History): void {
    if (this.locked) return;
    this.finish();
    this.history = change(this.history);
    this.canTakeBack = false;
    this.changed();
  }

  private begin(point: PaperPoint, tool: Tool = this.chosen): boolean {
    if (this.locked) return false;
    this.end();
    if (tool === "pen" && this.isFull) {
      this.listeners.onFull();
      return false;
    }
    this.gesture = beginGesture(tool, point, this.history.present);
    this.showGesture([]);
    return true;
  }

  private extend(points: PaperStroke, expected: PaperStroke): void {
    const { gesture } = this;
    if (!gesture) return;
    const room = gesture.tool === "pen" ? this.limits.maxPoints - this.numPoints : points.length;
    for (const point of points.slice(0, room)) this.add(gesture, point);
    this.showGesture(expected);
    if (gesture.tool === "pen" && this.isFull) {
      this.finish();
      this.listeners.onFull();
    }
  }

  private add(gesture: Gesture, point: PaperPoint): void {
    if (gesture.tool === "pen") {
      gesture.points.push(point);
      return;
    }
    gesture.left = eraseAlong(gesture.left, gesture.at, point);
    gesture.at = point;
  }

  private showGesture(expected: PaperStroke): void {
    if (this.gesture?.tool === "pen") this.surface.extend(this.gesture.points, expected);
    else this.surface.plan();
    this.listeners.onChange();
  }

  private end(): void {
    const { gesture } = this;
    if (!gesture) return;
    this.gesture = undefined;
    const { history } = this;
    this.history = endGesture(gesture, history);
    this.canTakeBack = this.history !== history;
    if (gesture.tool === "pen") this.surface.end(gesture.points);
    this.listeners.onChange();
  }

  /** End what is being drawn from here, whoever draws it. */
  private finish(): void {
    this.pointers.drop();
    this.end();
    this.keys.lifted();
  }

  private takeBack(): void {
    if (this.gesture) this.gesture = undefined;
    else if (this.canTakeBack) this.history = takeBack(this.history);
    this.canTakeBack = false;
    this.changed();
  }

  private get isFull(): boolean {
    return this.numPoints >= this.limits.maxPoints || this.history.present.length >= this.limits.maxStrokes;
  }

  private get numPoints(): number {
    return this.drawing.reduce((sum, stroke) => sum + stroke.length, 0);
  }

  private changed(): void {
    this.surface.plan();
    this.listeners.onChange();
  }
}
