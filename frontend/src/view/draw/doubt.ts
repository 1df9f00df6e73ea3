/** Says "I don't know this" only when it lasts, and not of a drawing that has hardly begun. */
import { type InkStrokes, measureLength } from "../../ink/index.ts";
import type { Guess } from "../../predict/guess.ts";

/** Less of the pen's way than this, in sides of the box, is no drawing yet: 98 of 100 finished animals have more. */
const BEGUN_SIDES = 2.5;

/** Drawings pass through strange stages; what they are for less than this nobody is told. */
const LASTING_SECONDS = 0.7;

export class Doubt {
  private readonly show: (guess: Guess) => void;
  private readonly later: (seconds: number, callback: () => void) => void;
  private doubted: Guess | undefined;
  private hasLasted = false;
  /** Counts doubts, so that an alarm knows whether its own is still there. */
  private number = 0;

  /**
   * @param show takes each guess; unknown only if that has lasted.
   * @param later calls back after so many seconds.
   */
  constructor(show: (guess: Guess) => void, later: (seconds: number, callback: () => void) => void) {
    this.show = show;
    this.later = later;
  }

  /**
   * Take the guess about a drawing in progress.
   *
   * @param ink what was guessed about.
   */
  take(guess: Guess, ink: InkStrokes): void {
    if (!guess.unknown || measureLength(ink) < BEGUN_SIDES) this.forget();
    else this.doubt(guess);
    this.show({ ...guess, unknown: this.hasLasted });
  }

  /** Take the guess about a finished drawing: there is nothing to wait for. */
  settle(guess: Guess): void {
    this.forget();
    this.show(guess);
  }

  /** The drawing is gone. */
  forget(): void {
    this.doubted = undefined;
    this.hasLasted = false;
    this.number += 1;
  }

  private doubt(guess: Guess): void {
    if (!this.doubted) this.setAlarm(this.number);
    this.doubted = guess;
  }

  private setAlarm(number: number): void {
    this.later(LASTING_SECONDS, () => {
      if (number !== this.number || !this.doubted) return;
      this.hasLasted = true;
      this.show(this.doubted);
    });
  }
}
