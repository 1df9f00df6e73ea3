/** Lets the model guess aloud: in words that change only when there is something new, and not faster than one can listen. */
import type { Guess } from "../../predict/guess.ts";
import { type Said, SILENCE, speakOf } from "./aloud.ts";

const QUIET_SECONDS = 2;

export class Announcer {
  private readonly say: (words: string) => void;
  private readonly later: (seconds: number, callback: () => void) => void;
  private said: Said = SILENCE;
  private next: Guess | undefined;
  private quiet = false;

  /**
   * @param say puts words where they are seen, and where a screen reader hears them.
   * @param later calls back after so many seconds.
   */
  constructor(say: (words: string) => void, later: (seconds: number, callback: () => void) => void) {
    this.say = say;
    this.later = later;
  }

  /** @param guess undefined for an empty sheet: that is silent at once. */
  announce(guess: Guess | undefined): void {
    this.next = guess;
    if (!guess) this.hush();
    else if (!this.quiet) this.sayNext();
  }

  private hush(): void {
    if (this.said === SILENCE) return;
    this.said = SILENCE;
    this.say("");
  }

  private sayNext(): void {
    const said = speakOf(this.next, this.said);
    const isNews = said.words !== this.said.words;
    this.said = said;
    if (!isNews) return;
    this.say(said.words);
    this.quiet = true;
    this.later(QUIET_SECONDS, () => {
      this.quiet = false;
      this.sayNext();
    });
  }
}
