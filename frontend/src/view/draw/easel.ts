/** Where somebody draws, and the model guesses along: the pad, what it is taken for, and since when. */

import type { Drawing } from "../../pad/history.ts";
import { Pad, type PadLimits } from "../../pad/pad.ts";
import type { Guess } from "../../predict/guess.ts";
import type { Manifest } from "../../predict/manifest.ts";
import type { Model } from "../../predict/model.ts";
import { Announcer } from "./announcer.ts";
import { Doubt } from "./doubt.ts";
import type { DrawElements } from "./elements.ts";
import type { Finished } from "./game.ts";
import { showGuess } from "./guess_list.ts";
import { Guessing } from "./guessing.ts";
import type { Pacing } from "./pacing.ts";
import { makePenWords } from "./pen_words.ts";
import { showBitmap } from "./seen.ts";
import { makeSketch, type Sketch } from "./sketch.ts";
import { type Thought, think } from "./thoughts.ts";
import { Timer } from "./timer.ts";

export interface EaselSurroundings {
  readonly model: Model;
  readonly limits: PadLimits;
  readonly pacing: Pacing;
  /** In milliseconds, never going back. */
  readonly now: () => number;
  readonly later: (seconds: number, callback: () => void) => void;
  /** Called each time a guess is shown. */
  readonly onGuess: () => void;
}

export interface EaselListeners {
  /** The drawing changed, or its time began. Called for every event of the pen. */
  onChange(): void;
  /** The drawing has all the ink it may have. */
  onFull(): void;
  /** The time for one drawing is over. */
  onTimeUp(): void;
}

export class Easel {
  readonly pad: Pad;
  readonly timer: Timer;
  private readonly elements: DrawElements;
  private readonly listeners: EaselListeners;
  private readonly guessing: Guessing;
  private readonly announcer: Announcer;
  private readonly doubt: Doubt;
  private readonly onGuess: () => void;
  private manifest: Manifest | undefined;
  private thoughts: readonly Thought[] = [];
  private isOpen = true;

  constructor(elements: DrawElements, around: EaselSurroundings, listeners: EaselListeners) {
    this.elements = elements;
    this.listeners = listeners;
    this.onGuess = around.onGuess;
    this.timer = new Timer(around, () => listeners.onTimeUp());
    this.announcer = new Announcer((words) => {
      elements.topGuess.textContent = words;
    }, around.later);
    this.doubt = new Doubt((guess) => this.show(guess), around.later);
    this.guessing = new Guessing(around.model, around.pacing, (guess, { strokes }) =>
      this.doubt.take(guess, strokes),
    );
    const penWords = makePenWords(elements.pad, around.later);
    this.pad = new Pad(elements.pad, around.limits, {
      onChange: () => this.changed(),
      onFull: () => listeners.onFull(),
      onKeyboardPen: (state) => penWords.hear(state),
    });
  }

  /** Guess at the size this model reads; the drawing in progress first. */
  know(manifest: Manifest): void {
    this.manifest = manifest;
    this.changed();
  }

  /** A fresh sheet. */
  startOver(): void {
    this.isOpen = true;
    this.timer.reset();
    this.pad.startOver();
    this.forgetGuess();
  }

  /** Put a whole drawing on the pad, and guess it at once. @returns its guess; undefined when no model answers. */
  async place(drawing: Drawing): Promise<Guess | undefined> {
    this.pad.put(drawing);
    if (!this.manifest || this.pad.isEmpty) return undefined;
    return this.settle(this.sketch(this.manifest));
  }

  /** Take the pen away, and make the drawing what it is guessed and stored as. */
  async finish(manifest: Manifest): Promise<Omit<Finished, "limitSeconds">> {
    this.isOpen = false;
    this.timer.hold();
    this.pad.lock();
    const { drawing } = this.pad;
    const sketch = this.sketch(manifest);
    const guess = await this.settle(sketch);
    return { drawing, sketch, guess, thoughts: this.thoughts };
  }

  /** Give the pen back, with everything that is on the pad. */
  goOn(): void {
    this.isOpen = true;
    this.timer.resume();
    this.pad.unlock();
  }

  private async settle(sketch: Sketch): Promise<Guess | undefined> {
    const guess = await this.guessing.finish(sketch);
    if (guess) this.doubt.settle(guess);
    return guess;
  }

  private changed(): void {
    if (this.isOpen && !this.pad.isEmpty) this.timer.start();
    if (this.isOpen) this.guessAlong();
    this.listeners.onChange();
  }

  private guessAlong(): void {
    const { manifest } = this;
    if (this.pad.isEmpty) this.forgetGuess();
    else if (manifest) this.guessing.plan(() => this.sketch(manifest));
  }

  private sketch({ input }: Manifest): Sketch {
    const sketch = makeSketch(this.pad.drawing, input);
    showBitmap(this.elements.seen, sketch);
    return sketch;
  }

  private show(guess: Guess): void {
    this.thoughts = think(this.thoughts, guess, this.timer.seconds);
    showGuess(this.elements.guesses, guess);
    this.elements.seenFigure.hidden = false;
    this.announcer.announce(guess);
    this.onGuess();
  }

  private forgetGuess(): void {
    this.guessing.stop();
    this.doubt.forget();
    this.thoughts = [];
    showGuess(this.elements.guesses, undefined);
    this.elements.seenFigure.hidden = true;
    this.announcer.announce(undefined);
  }
}
