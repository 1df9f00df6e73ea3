/** Guesses along while the pen moves: as often as the device can bear, and only the newest drawing counts. */
import { type Guess, readGuess } from "../../predict/guess.ts";
import type { Model } from "../../predict/model.ts";
import { NewestQuestion } from "../../predict/newest_question.ts";
import type { Pacing } from "./pacing.ts";
import type { Sketch } from "./sketch.ts";

/** "Done" does not wait longer for a guess: the drawing is stored without one. */
const PATIENCE_SECONDS = 3;

interface Answered {
  readonly sketch: Sketch;
  readonly guess: Guess;
}

export class Guessing {
  private readonly model: Model;
  private readonly onGuess: (guess: Guess, sketch: Sketch) => void;
  private readonly questions: NewestQuestion<Sketch, Answered>;
  private readonly pacing: Pacing;
  private last: Answered | undefined;

  constructor(model: Model, pacing: Pacing, onGuess: (guess: Guess, sketch: Sketch) => void) {
    this.model = model;
    this.pacing = pacing;
    this.onGuess = onGuess;
    this.questions = new NewestQuestion((sketch, signal) => this.ask(sketch, signal), {
      onReply: (answered) => this.take(answered),
      // The next stroke asks again, and "Done" stores without a guess.
      onFailure: () => {},
    });
  }

  /** Guess soon; `sketch` is made only then. */
  plan(sketch: () => Sketch): void {
    this.pacing.plan(() => {
      if (this.model.current) this.questions.put(sketch());
    });
  }

  /** Forget every question: what they asked about is gone. */
  stop(): void {
    this.pacing.cancel();
    this.questions.drop();
    this.last = undefined;
  }

  /** Get the guess about just this sketch; undefined when there is no model, or none that answers. */
  async finish(sketch: Sketch): Promise<Guess | undefined> {
    this.stop();
    if (!this.model.current) return undefined;
    this.questions.put(sketch);
    await Promise.race([this.questions.settled(), wait(PATIENCE_SECONDS)]);
    return this.lastAbout(sketch)?.guess;
  }

  private lastAbout(sketch: Sketch): Answered | undefined {
    return this.last?.sketch === sketch ? this.last : undefined;
  }

  private async ask(sketch: Sketch, signal: AbortSignal): Promise<Answered> {
    const loaded = this.model.current;
    if (!loaded) throw new Error("no model has been loaded yet");
    const logits = await loaded.network.ask(sketch.bitmap, signal);
    return { sketch, guess: readGuess(logits, sketch.bitmap, loaded.manifest) };
  }

  private take(answered: Answered): void {
    this.last = answered;
    this.onGuess(answered.guess, answered.sketch);
  }
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
