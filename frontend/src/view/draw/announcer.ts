/** Reads the top guess out: only when it changes, and not faster than it can be listened to. */
import type { Guess } from "../../predict/guess.ts";

const QUIET_SECONDS = 2;

export class Announcer {
  private readonly say: (words: string) => void;
  private readonly later: (seconds: number, callback: () => void) => void;
  private said = "";
  private next = "";
  private quiet = false;

  /**
   * @param say puts words where a screen reader hears them.
   * @param later calls back after so many seconds.
   */
  constructor(say: (words: string) => void, later: (seconds: number, callback: () => void) => void) {
    this.say = say;
    this.later = later;
  }

  announce(guess: Guess | undefined): void {
    this.next = sayTop(guess);
    if (!this.quiet) this.sayNext();
  }

  private sayNext(): void {
    if (this.next === this.said) return;
    this.said = this.next;
    this.say(this.said);
    this.quiet = true;
    this.later(QUIET_SECONDS, () => {
      this.quiet = false;
      this.sayNext();
    });
  }
}

function sayTop(guess: Guess | undefined): string {
  const top = guess?.ranked[0];
  if (!guess || !top) return "";
  return guess.unknown ? "I don\u2019t know this yet" : `I think: ${top.label.name}`;
}
