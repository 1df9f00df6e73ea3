/** The tools of the pad: undo, redo, clear and the eraser, by button and by key. */
import type { Pad } from "../../pad/pad.ts";
import { listenToKeys } from "./shortcuts.ts";

export interface ToolElements {
  /** Around all tools; arrow keys go from one to the next. */
  readonly toolbar: HTMLElement;
  readonly undo: HTMLButtonElement;
  readonly redo: HTMLButtonElement;
  readonly clear: HTMLButtonElement;
  /** Pressed in as long as strokes are taken away instead of drawn. */
  readonly eraser: HTMLButtonElement;
}

export class Toolbar {
  private readonly elements: ToolElements;
  private readonly pad: Pad;

  /** @param hasLetterKeys whether single letters are keys; asked at each press. */
  constructor(elements: ToolElements, pad: Pad, hasLetterKeys: () => boolean) {
    this.elements = elements;
    this.pad = pad;
    const { undo, redo, clear, eraser, toolbar } = elements;
    undo.addEventListener("click", () => pad.undo());
    redo.addEventListener("click", () => pad.redo());
    clear.addEventListener("click", () => pad.clear());
    eraser.addEventListener("click", () => this.changeTool());
    toolbar.addEventListener("keydown", (event) => this.moveFocus(event));
    listenToKeys(
      {
        undo: () => undo.click(),
        redo: () => redo.click(),
        clear: () => clear.click(),
        erase: () => eraser.click(),
        pad: () => pad.focus(),
      },
      hasLetterKeys,
    );
  }

  /** Show what can be done now. @param isDrawing false while nothing can. */
  update(isDrawing: boolean): void {
    const { undo, redo, clear, eraser } = this.elements;
    undo.disabled = !isDrawing || !this.pad.canUndo;
    redo.disabled = !isDrawing || !this.pad.canRedo;
    clear.disabled = !isDrawing || this.pad.isEmpty;
    const isErasing = this.pad.tool === "eraser";
    // An eraser that is in the hand can be put down, also when there is nothing left to take away.
    eraser.disabled = !isDrawing || (this.pad.isEmpty && !isErasing);
    // Asked for with every point: what is written anew, though the same, is styled anew.
    const isPressed = String(isErasing);
    if (eraser.getAttribute("aria-pressed") !== isPressed) eraser.setAttribute("aria-pressed", isPressed);
  }

  private changeTool(): void {
    this.pad.tool = this.pad.tool === "pen" ? "eraser" : "pen";
  }

  private moveFocus(event: KeyboardEvent): void {
    const buttons = [...this.elements.toolbar.querySelectorAll<HTMLButtonElement>("button:enabled")];
    const from = buttons.indexOf(event.target as HTMLButtonElement);
    const to = findNext(event.key, from, buttons.length);
    if (to === undefined) return;
    event.preventDefault();
    buttons[to]?.focus();
  }
}

/** Which button an arrow key leads to; undefined for other keys. The row has no ends. */
function findNext(key: string, from: number, num: number): number | undefined {
  if (from < 0) return undefined;
  if (key === "ArrowRight") return (from + 1) % num;
  if (key === "ArrowLeft") return (from + num - 1) % num;
  if (key === "Home") return 0;
  return key === "End" ? num - 1 : undefined;
}
