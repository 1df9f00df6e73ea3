const FIRST_SECONDS = 1;
const LONGEST_SECONDS = 60;

/**
 * How long to wait before the next try: twice as long after each failure, spread by up to a half.
 *
 * @param numFailures in a row, at least 1.
 * @param chance in [0, 1).
 */
export function retryDelaySeconds(numFailures: number, chance: number): number {
  const longest = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (numFailures - 1));
  return longest * (1 - chance / 2);
}

export interface RetrySurroundings {
  /** Calls back later, once. */
  readonly later: (seconds: number, callback: () => void) => void;
  /** In [0, 1): spreads the tries of many pages. */
  readonly chance: () => number;
}

/** Tries something again after it has failed: one try is planned at a time, and later the more often it fails. */
export class Retry {
  private readonly around: RetrySurroundings;
  private readonly again: () => void;
  private readonly longestSeconds: number;
  private numFailures = 0;
  private isPlanned = false;

  /**
   * @param again the next try.
   * @param longestSeconds nobody waits longer, unless the server asks for it.
   */
  constructor(around: RetrySurroundings, again: () => void, longestSeconds = LONGEST_SECONDS) {
    this.around = around;
    this.again = again;
    this.longestSeconds = longestSeconds;
  }

  /** It went well: the next failure is the first one in a row. */
  succeed(): void {
    this.numFailures = 0;
  }

  /** It failed: plan the next try. @param retryAfterSeconds what the server asked for, if it did. */
  fail(retryAfterSeconds?: number): void {
    this.numFailures += 1;
    if (this.isPlanned) return;
    this.isPlanned = true;
    const seconds = Math.min(this.longestSeconds, retryDelaySeconds(this.numFailures, this.around.chance()));
    this.around.later(Math.max(seconds, retryAfterSeconds ?? 0), () => {
      this.isPlanned = false;
      this.again();
    });
  }
}
