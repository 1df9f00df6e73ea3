/** Leaves the page's thread to the pen: work that takes long is done less often. */

/** After work that took a while the thread is left alone for so many times as long: at most a fifth of it is taken. */
const REST = 4;

export interface PacingSurroundings {
  /** In milliseconds, never going back. */
  readonly now: () => number;
  /** Calls back before the next frame is painted. */
  readonly nextFrame: (callback: () => void) => void;
  /** Calls back later, once. */
  readonly later: (seconds: number, callback: () => void) => void;
}

/** Does work at most once a frame, and rests after it. What is planned last is done last: never dropped, unless cancelled. */
export class Pacing {
  private readonly around: PacingSurroundings;
  private planned: (() => void) | undefined;
  private restUntil = 0;

  constructor(around: PacingSurroundings) {
    this.around = around;
  }

  /** Do this soon; it takes the place of work that was planned and not yet done. */
  plan(work: () => void): void {
    const isPlanned = this.planned !== undefined;
    this.planned = work;
    if (!isPlanned) this.wait();
  }

  /** Forget what is planned. */
  cancel(): void {
    this.planned = undefined;
  }

  private wait(): void {
    const rest = this.restUntil - this.around.now();
    if (rest > 0) this.around.later(rest / 1000, () => this.around.nextFrame(() => this.work()));
    else this.around.nextFrame(() => this.work());
  }

  private work(): void {
    const { planned } = this;
    if (!planned) return;
    this.planned = undefined;
    const start = this.around.now();
    planned();
    const end = this.around.now();
    this.restUntil = end + (end - start) * REST;
  }
}
