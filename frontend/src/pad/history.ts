/** Undo and redo: every drawing there has been, as values. */
import type { PaperStroke } from "./stroke.ts";

export type Drawing = readonly PaperStroke[];

export interface History {
  /** Oldest first. */
  readonly past: readonly Drawing[];
  readonly present: Drawing;
  /** Next first. */
  readonly future: readonly Drawing[];
}

export const EMPTY_HISTORY: History = { past: [], present: [], future: [] };

/** Add a finished stroke; what was undone before is gone. */
export function addStroke(history: History, stroke: PaperStroke): History {
  return advance(history, [...history.present, stroke]);
}

/** Wipe the paper, as a step that can be undone; an empty paper stays as it is. */
export function clear(history: History): History {
  return history.present.length === 0 ? history : advance(history, []);
}

/** Put another drawing in the place of this one, as a step that can be undone. */
export function replace(history: History, drawing: Drawing): History {
  return advance(history, drawing);
}

/** Take the last step back, if there is one. */
export function undo(history: History): History {
  const present = history.past.at(-1);
  if (!present) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future] };
}

/** Forget the last step, as if it had never been taken. */
export function takeBack(history: History): History {
  return { ...undo(history), future: [] };
}

/** Do again what was undone last, if anything was. */
export function redo(history: History): History {
  const [present, ...future] = history.future;
  if (!present) return history;
  return { past: [...history.past, history.present], present, future };
}

function advance(history: History, present: Drawing): History {
  return { past: [...history.past, history.present], present, future: [] };
}
