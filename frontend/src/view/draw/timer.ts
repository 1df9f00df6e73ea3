/** Time since the first ink. It never goes back, whatever the device's clock is set to. */

/** Long enough for an animal, short enough for a laugh. */
export const DRAWING_SECONDS = 30;

export interface TimerSurroundings {
  /** In milliseconds, never going back. */
  readonly now: () => number;
  readonly later: (seconds: number, callback: () => void) => void;
}

/** held: the drawing is finished, and its time stands still. */
export type TimerState = "ready" | "running" | "over" | "held";

/** Runs from `start` to `reset`; says once that the time is over, and goes on counting. */
export class Timer {
  private readonly around: TimerSurroundings;
  private readonly onOver: () => void;
  private startedAt: number | undefined;
  private heldAt: number | undefined;
  private isOver = false;
  /** Counts starts, so that an alarm knows whether its own is still the last. */
  private number = 0;

  constructor(around: TimerSurroundings, onOver: () => void) {
    this.around = around;
    this.onOver = onOver;
  }

  get state(): TimerState {
    if (this.startedAt === undefined) return "ready";
    if (this.heldAt !== undefined) return "held";
    return this.isOver ? "over" : "running";
  }

  /** Since the start; 0 before. */
  get seconds(): number {
    if (this.startedAt === undefined) return 0;
    return ((this.heldAt ?? this.around.now()) - this.startedAt) / 1000;
  }

  /** Begin, unless it has begun. */
  start(): void {
    if (this.startedAt !== undefined) return;
    this.startedAt = this.around.now();
    this.number += 1;
    const { number } = this;
    this.around.later(DRAWING_SECONDS, () => {
      if (number === this.number && this.startedAt !== undefined) this.end();
    });
  }

  /** The drawing is finished. */
  hold(): void {
    this.heldAt = this.around.now();
  }

  /** It is not: as if it never had been. */
  resume(): void {
    this.heldAt = undefined;
  }

  reset(): void {
    this.startedAt = this.heldAt = undefined;
    this.isOver = false;
  }

  private end(): void {
    this.isOver = true;
    if (this.state === "over") this.onOver();
  }
}
