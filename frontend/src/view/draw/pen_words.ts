/** Says aloud where the keyboard's pen is, for who does not see it. */
import { say } from "../../messages/index.ts";
import type { KeyboardPenState } from "../../pad/keyboard_pen.ts";
import { PAPER_SIDE } from "../../pad/stroke.ts";
import { makeUnseenWords } from "./unseen_words.ts";

/** A pen that moves is told of when it has come to rest. */
const REST_SECONDS = 0.6;

type Later = (seconds: number, callback: () => void) => void;

/** Put the pen's state into words. */
export function describePen({ at, isDown, isShown }: KeyboardPenState): string {
  if (!isShown) return say("pad.put_away");
  const place = { across: toPercent(at.x), down: toPercent(at.y) };
  return isDown ? say("pad.pen_down", place) : say("pad.pen_up", place);
}

function toPercent(coordinate: number): number {
  return Math.round((100 * coordinate) / PAPER_SIDE);
}

/** Tells of the pen at once when it is put down, lifted or put away, and of its ways when it rests. */
export class PenWords {
  private readonly tell: (words: string) => void;
  private readonly later: Later;
  private state: KeyboardPenState | undefined;

  constructor(tell: (words: string) => void, later: Later) {
    this.tell = tell;
    this.later = later;
  }

  hear(state: KeyboardPenState): void {
    const before = this.state;
    this.state = state;
    if (before?.isDown !== state.isDown || before.isShown !== state.isShown)
      return this.tell(describePen(state));
    this.later(REST_SECONDS, () => {
      if (this.state === state) this.tell(describePen(state));
    });
  }
}

/** Make the place where screen readers hear of it, beside the pad. */
export function makePenWords(pad: HTMLElement, later: Later): PenWords {
  return new PenWords(makeUnseenWords("pen-words", pad.parentElement ?? pad), later);
}
