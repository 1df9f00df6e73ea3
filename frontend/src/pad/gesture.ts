/** What one contact with the paper does to a drawing: a stroke of ink, or strokes that are taken away. */
import { eraseAlong } from "./erase.ts";
import { addStroke, type Drawing, type History, replace } from "./history.ts";
import type { PaperPoint } from "./stroke.ts";

export type Tool = "pen" | "eraser";

export interface Inking {
  readonly tool: "pen";
  /** The stroke so far; grows. */
  readonly points: PaperPoint[];
}

export interface Erasing {
  readonly tool: "eraser";
  /** Where the eraser is. */
  at: PaperPoint;
  /** What it has left so far. */
  left: Drawing;
}

export type Gesture = Inking | Erasing;

export function beginGesture(tool: Tool, point: PaperPoint, present: Drawing): Gesture {
  if (tool === "pen") return { tool, points: [point] };
  return { tool, at: point, left: eraseAlong(present, point, point) };
}

/** Show the drawing as the gesture has made it so far. */
export function drawingDuring(gesture: Gesture | undefined, present: Drawing): Drawing {
  if (!gesture) return present;
  return gesture.tool === "pen" ? [...present, gesture.points] : gesture.left;
}

/** Write the gesture down as one step; an eraser that touched nothing is none. */
export function endGesture(gesture: Gesture, history: History): History {
  if (gesture.tool === "pen") return addStroke(history, gesture.points);
  return gesture.left === history.present ? history : replace(history, gesture.left);
}
