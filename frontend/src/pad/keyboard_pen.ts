/** Draws by keyboard: arrows move a pen that one sees, Space puts it down and lifts it, Escape puts it away. */
import { isDirection, LARGE_STEP, moveCursor, STEP } from "./cursor.ts";
import type { PenSink } from "./pointers.ts";
import { PAPER_SIDE, type PaperPoint } from "./stroke.ts";

/** Where the keyboard's pen is and whether it draws, for whoever says so aloud. */
export interface KeyboardPenState {
  readonly at: PaperPoint;
  readonly isDown: boolean;
  /** False once Escape has put it away. */
  readonly isShown: boolean;
}

export class KeyboardPen {
  private readonly canvas: HTMLCanvasElement;
  private readonly mark: HTMLElement;
  private readonly sink: PenSink;
  private readonly onChange: (state: KeyboardPenState) => void;
  private readonly held = new Set<string>();
  private at: PaperPoint = { x: PAPER_SIDE / 2, y: PAPER_SIDE / 2 };
  private isDown = false;
  private isShown = false;
  /** A pointer gives the focus, too; after keys a browser calls that visible. */
  private isPointedAt = false;

  constructor(canvas: HTMLCanvasElement, sink: PenSink, onChange: (state: KeyboardPenState) => void) {
    this.canvas = canvas;
    this.sink = sink;
    this.onChange = onChange;
    this.mark = makeMark(canvas);
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("keyup", ({ key }) => this.held.delete(key));
    canvas.addEventListener("pointerdown", () => {
      this.isPointedAt = true;
      this.putAway();
    });
    canvas.addEventListener("blur", () => {
      this.isPointedAt = false;
      this.putAway();
    });
    canvas.addEventListener("focus", () => {
      if (!this.isPointedAt && canvas.matches(":focus-visible")) this.show();
    });
  }

  /** The stroke was ended by somebody else: the pen is up. */
  lifted(): void {
    this.isDown = false;
    this.showState();
  }

  /** Show the pen: its keys work now. */
  show(): void {
    this.isShown = true;
    this.showState();
  }

  private press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isDirection(event.key)) this.move(event.key, event.shiftKey ? LARGE_STEP : STEP);
    else if (event.key === " ") this.toggle(event.repeat);
    else if (event.key === "Escape" && this.isShown) this.putAway();
    else return;
    event.preventDefault();
  }

  private move(key: string, step: number): void {
    this.held.add(key);
    this.at = moveCursor(this.at, this.held, step);
    this.isShown = true;
    if (this.isDown) this.sink.extend([this.at], []);
    this.tell();
  }

  private toggle(isRepeat: boolean): void {
    if (isRepeat) return;
    if (this.isDown) this.lift();
    // Who has used the mouse so far first sees where the pen is.
    else if (this.isShown) this.isDown = this.sink.begin(this.at);
    this.isShown = true;
    this.tell();
  }

  private lift(): void {
    this.isDown = false;
    this.sink.end();
  }

  private putAway(): void {
    this.held.clear();
    if (!this.isShown) return;
    if (this.isDown) this.lift();
    this.isShown = false;
    this.tell();
  }

  private tell(): void {
    this.showState();
    this.onChange({ at: this.at, isDown: this.isDown, isShown: this.isShown });
  }

  private showState(): void {
    this.mark.hidden = !this.isShown;
    this.mark.classList.toggle("down", this.isDown);
    this.mark.style.left = `${(this.at.x / PAPER_SIDE) * 100}%`;
    this.mark.style.top = `${(this.at.y / PAPER_SIDE) * 100}%`;
    // The keys' own canvas says it to style sheets, too.
    this.canvas.classList.toggle("by-keys", this.isShown);
  }
}

function makeMark(canvas: HTMLCanvasElement): HTMLElement {
  const mark = document.createElement("span");
  mark.className = "key-pen";
  mark.hidden = true;
  mark.setAttribute("aria-hidden", "true");
  canvas.parentElement?.append(mark);
  return mark;
}
