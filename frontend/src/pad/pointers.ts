/** Mouse, pen and finger: which of them draws, and what it says about where it is. */
import type { Tool } from "./gesture.ts";
import { type Contact, hasBecomePalm, isFresh, isPalm } from "./palm.ts";
import { PAPER_SIDE, type PaperPoint, type PaperStroke } from "./stroke.ts";

/** What is drawn on; it knows one gesture at a time. */
export interface PenSink {
  /** @param tool instead of the one chosen: a pen's tail. @returns false when nothing may be drawn. */
  begin(point: PaperPoint, tool?: Tool): boolean;
  /** @param expected where the pen will be by the next frame, for the eye only. */
  extend(points: PaperStroke, expected: PaperStroke): void;
  end(): void;
  /** The gesture in progress, or the stroke that ended last, was not meant. */
  takeBack(): void;
}

/** Points further ahead than a frame are guesswork. */
const EXPECTED_MS = 17;

/** `PointerEvent.button` of what draws: a mouse's left button, a finger, a pen's point; and a pen's tail. */
const MAIN_BUTTON = 0;
const ERASER_BUTTON = 5;

interface Touchdown {
  readonly kind: string;
  readonly at: number;
}

/**
 * Listens to a canvas for the one pointer that draws.
 *
 * A second finger is ignored, and so is every hand while a pen is about. A touch that proves to be a hand, because it grows
 * or a pen comes down just after it, is taken back.
 */
export class Pointers {
  private readonly canvas: HTMLCanvasElement;
  private readonly sink: PenSink;
  private active: (Touchdown & { readonly id: number }) | undefined;
  private last: Touchdown | undefined;
  private penSeenAt: number | undefined;

  constructor(canvas: HTMLCanvasElement, sink: PenSink) {
    this.canvas = canvas;
    this.sink = sink;
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("lostpointercapture", (event) => this.up(event));
    canvas.addEventListener("pointercancel", (event) => this.cancel(event));
    // A long press of a finger or a pen is a dot, not a question.
    canvas.addEventListener("contextmenu", (event) => {
      if (this.active) event.preventDefault();
    });
  }

  /** Whoever draws has been stopped: the rest of the contact is ignored. */
  drop(): void {
    this.active = undefined;
  }

  private down(event: PointerEvent): void {
    this.notice(event);
    if (event.pointerType === "pen") this.makeWay(event.timeStamp);
    const draws = event.button === MAIN_BUTTON || event.button === ERASER_BUTTON;
    if (this.active || !draws || isPalm(contactOf(event), this.penSeenAt)) return;
    const [point] = this.toPaper([event]);
    if (!point || !this.sink.begin(point, event.button === ERASER_BUTTON ? "eraser" : undefined)) return;
    event.preventDefault();
    // With its default prevented a contact gives no focus; Enter must not press the button that was used last.
    if (document.activeElement !== this.canvas) this.canvas.focus({ preventScroll: true });
    this.active = { id: event.pointerId, kind: event.pointerType, at: event.timeStamp };
    this.last = this.active;
    capture(this.canvas, event.pointerId);
  }

  private move(event: PointerEvent): void {
    this.notice(event);
    const { active } = this;
    if (event.pointerId !== active?.id) return;
    event.preventDefault();
    if (hasBecomePalm(contactOf(event), active.at)) return this.takeBack();
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const expected = event.getPredictedEvents?.() ?? [];
    this.sink.extend(
      this.toPaper(coalesced.length > 0 ? coalesced : [event]),
      this.toPaper(expected.filter(({ timeStamp }) => timeStamp - event.timeStamp <= EXPECTED_MS)),
    );
  }

  private up(event: PointerEvent): void {
    if (event.pointerId !== this.active?.id) return;
    this.active = undefined;
    this.sink.end();
  }

  /** The system says it was no drawing: so say we, if it has only just begun. */
  private cancel(event: PointerEvent): void {
    if (event.pointerId !== this.active?.id) return;
    if (this.active.kind === "touch" && isFresh(this.active.at, event.timeStamp)) this.takeBack();
    else this.up(event);
  }

  private notice({ pointerType, timeStamp }: PointerEvent): void {
    if (pointerType === "pen") this.penSeenAt = timeStamp;
  }

  /** A pen comes down: what a hand drew just before it was the hand that holds it. */
  private makeWay(at: number): void {
    if (this.last?.kind === "touch" && isFresh(this.last.at, at)) this.takeBack();
    else if (this.active?.kind === "touch") {
      this.active = undefined;
      this.sink.end();
    }
  }

  private takeBack(): void {
    this.active = undefined;
    this.last = undefined;
    this.sink.takeBack();
  }

  private toPaper(events: readonly PointerEvent[]): PaperStroke {
    const frame = this.canvas.getBoundingClientRect();
    const scale = PAPER_SIDE / frame.width;
    return events.map(({ clientX, clientY, pointerType, pressure }) => {
      const point = { x: (clientX - frame.left) * scale, y: (clientY - frame.top) * scale };
      return pointerType === "pen" && pressure > 0 ? { ...point, pressure } : point;
    });
  }
}

function contactOf({ pointerType, width, height, timeStamp }: PointerEvent): Contact {
  return { kind: pointerType, width, height, at: timeStamp };
}

/** So that a stroke goes on outside the pad. A pointer that is up again already cannot be captured, which does no harm. */
function capture(canvas: HTMLCanvasElement, pointer: number): void {
  try {
    canvas.setPointerCapture(pointer);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
