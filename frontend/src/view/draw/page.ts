/** The draw page's story: ask, draw, guess along, done, corrected, next. */
import { Pad, type PadLimits } from "../../pad/pad.ts";
import type { Guess } from "../../predict/guess.ts";
import type { Label, Manifest } from "../../predict/manifest.ts";
import type { LoadedModel, Model } from "../../predict/model.ts";
import type { Shadow } from "../../predict/shadow.ts";
import { type Doodle, type SentShadow, toBase64 } from "../../server/doodles.ts";
import type { DrawnLabel } from "../../server/labels.ts";
import type { Delivery, Outbox } from "../../server/outbox.ts";
import { Announcer } from "./announcer.ts";
import { Doubt } from "./doubt.ts";
import type { DrawElements } from "./elements.ts";
import type { ModelListener } from "./following.ts";
import { showGuess } from "./guess_list.ts";
import { Guessing } from "./guessing.ts";
import type { LabelListener } from "./offering.ts";
import type { Pacing } from "./pacing.ts";
import { showPrompt } from "./prompt.ts";
import { Prompts } from "./prompts.ts";
import { ResultPanel } from "./result_panel.ts";
import { sayCorrection, sayResult } from "./result_words.ts";
import { showBitmap } from "./seen.ts";
import { type Command, listenToKeys } from "./shortcuts.ts";
import { makeSketch, type Sketch } from "./sketch.ts";

export interface DrawSurroundings {
  readonly model: Model;
  readonly outbox: Outbox;
  readonly shadow: Shadow;
  readonly limits: PadLimits;
  readonly pacing: Pacing;
  /** A fresh UUID. */
  readonly newId: () => string;
  /** In [0, 1). */
  readonly chance: () => number;
  readonly later: (seconds: number, callback: () => void) => void;
  /** Says something quietly. */
  readonly notify: (words: string) => void;
}

/** waiting: for the first manifest; storing: "Done" was pressed; done: the result is shown. */
type Phase = "waiting" | "drawing" | "storing" | "done";

export class DrawPage implements ModelListener, LabelListener {
  private readonly elements: DrawElements;
  private readonly around: DrawSurroundings;
  private readonly pad: Pad;
  private readonly guessing: Guessing;
  private readonly announcer: Announcer;
  private readonly doubt: Doubt;
  private readonly result: ResultPanel;
  private readonly prompts: Prompts;
  private manifest: Manifest | undefined;
  private label: Label | undefined;

  constructor(elements: DrawElements, around: DrawSurroundings) {
    this.elements = elements;
    this.around = around;
    this.result = new ResultPanel(elements.result);
    this.prompts = new Prompts(around.chance);
    this.announcer = new Announcer((words) => {
      elements.topGuess.textContent = words;
    }, around.later);
    this.doubt = new Doubt((guess) => this.showGuess(guess), around.later);
    this.guessing = new Guessing(around.model, around.pacing, (guess, { strokes }) =>
      this.doubt.take(guess, strokes),
    );
    this.pad = new Pad(elements.pad, around.limits, {
      onChange: () => this.drawingChanged(),
      onFull: () => around.notify("This sheet is full of ink. Press Done, or undo a stroke."),
    });
    this.listen();
  }

  /** Learn the model's labels and the input's shape: all it takes to draw. The drawing in progress stays. */
  know(manifest: Manifest): void {
    this.manifest = manifest;
    this.prompts.know(manifest.labels);
    if (this.phase === "waiting") this.ask();
    this.askAnother();
    this.drawingChanged();
  }

  /** Ask for these labels, whether the model knows them or not; those that are new come next. */
  offer(labels: readonly DrawnLabel[]): readonly DrawnLabel[] {
    const added = this.prompts.offer(labels);
    this.askAnother();
    return added;
  }

  /** Guess with this model from now on, the drawing in progress first. */
  guessWith({ manifest, network }: LoadedModel): void {
    this.elements.modelVersion.textContent = manifest.version;
    this.elements.backend.textContent = `on ${network.backend}`;
    this.know(manifest);
  }

  /** True until the first manifest is known. */
  get isWaiting(): boolean {
    return this.phase === "waiting";
  }

  /** Say why there is nothing to draw yet. */
  wait(headline: string, words: string): void {
    this.elements.prompt.textContent = headline;
    this.elements.guesses.hint.textContent = words;
  }

  private get phase(): Phase {
    return this.elements.stage.dataset["phase"] as Phase;
  }

  private set phase(phase: Phase) {
    this.elements.stage.dataset["phase"] = phase;
    this.updateTools();
  }

  private ask(): void {
    const label = this.prompts.next(this.label?.name);
    if (!this.manifest || !label) return;
    this.label = label;
    showPrompt(this.elements.prompt, label);
    this.phase = "drawing";
  }

  /** What is asked for is gone, withdrawn or of another label set: ask for something else. */
  private askAnother(): void {
    if (this.phase === "drawing" && !this.prompts.includes(this.label?.name)) this.ask();
  }

  private drawingChanged(): void {
    this.updateTools();
    const { manifest } = this;
    if (!manifest || this.phase !== "drawing") return;
    if (this.pad.isEmpty) this.forgetGuess();
    else this.guessing.plan(() => this.sketch(manifest));
  }

  private sketch(manifest: Manifest): Sketch {
    const sketch = makeSketch(this.pad.drawing, manifest);
    showBitmap(this.elements.seen, sketch.bitmap, manifest.input.height, manifest.input.width);
    return sketch;
  }

  private showGuess(guess: Guess): void {
    showGuess(this.elements.guesses, guess);
    this.elements.seenFigure.hidden = false;
    this.announcer.announce(guess);
  }

  private forgetGuess(): void {
    this.guessing.stop();
    this.doubt.forget();
    showGuess(this.elements.guesses, undefined);
    this.elements.seenFigure.hidden = true;
    this.announcer.announce(undefined);
  }

  private async done(): Promise<void> {
    const { manifest, label } = this;
    if (!manifest || !label || this.elements.done.disabled) return;
    this.pad.lock();
    this.phase = "storing";
    const sketch = this.sketch(manifest);
    const guess = await this.guessing.finish(sketch);
    if (guess) this.doubt.settle(guess);
    const shadow = guess && (await this.around.shadow.answer(sketch.bitmap));
    const doodle = this.makeDoodle(sketch, label, guess, shadow);
    try {
      this.showResult(await this.around.outbox.putDoodle(doodle), doodle.id, guess, label);
    } catch (error) {
      this.goOnDrawing();
      throw error;
    }
  }

  /** The browser could not even keep the drawing: leave it on the pad, so that nothing is lost. */
  private goOnDrawing(): void {
    this.pad.unlock();
    this.phase = "drawing";
    this.around.notify("This browser could not keep the drawing. It is still on the pad: press Done again.");
  }

  private makeDoodle(
    sketch: Sketch,
    label: Label,
    guess: Guess | undefined,
    shadow: SentShadow | undefined,
  ): Doodle {
    const top = guess?.ranked[0];
    return {
      id: this.around.newId(),
      label: label.name,
      bitmap: toBase64(sketch.bitmap),
      strokes: sketch.strokes,
      guess: top?.label.name ?? null,
      confidence: top?.confidence ?? null,
      model_version: guess?.version ?? null,
      known: guess ? !guess.unknown : null,
      ...(shadow && { shadow }),
    };
  }

  private showResult(delivery: Delivery, id: string, guess: Guess | undefined, label: Label): void {
    this.phase = "done";
    this.result.open(sayResult(delivery, guess, label, this.prompts.canBeGuessed(label.name)));
    if (delivery.kind !== "refused") this.offerCorrections(id, label.name);
    this.elements.next.focus({ preventScroll: true });
  }

  private offerCorrections(id: string, current: string): void {
    this.result.offer(this.prompts.labels, current, (label) => {
      void this.correct(id, label);
    });
  }

  private async correct(id: string, label: Label): Promise<void> {
    const delivery = await this.around.outbox.putCorrection({ id, label: label.name });
    this.result.say(sayCorrection(delivery, label));
    if (delivery.kind !== "refused") this.offerCorrections(id, label.name);
  }

  private next(): void {
    this.result.close();
    this.forgetGuess();
    this.pad.startOver();
    this.ask();
    this.elements.pad.focus({ preventScroll: true });
  }

  private skip(): void {
    if (this.phase !== "drawing") return;
    this.pad.startOver();
    this.ask();
  }

  private listen(): void {
    const { undo, redo, clear, skip, done, next } = this.elements;
    undo.addEventListener("click", () => this.pad.undo());
    redo.addEventListener("click", () => this.pad.redo());
    clear.addEventListener("click", () => this.pad.clear());
    skip.addEventListener("click", () => this.skip());
    done.addEventListener("click", () => void this.done());
    next.addEventListener("click", () => this.next());
    listenToKeys((command) => this.obey(command));
  }

  private obey(command: Command): void {
    if (command === "enter") return this.phase === "done" ? this.next() : void this.done();
    if (command === "skip") return this.skip();
    this.pad[command]();
  }

  private updateTools(): void {
    const { undo, redo, clear, skip, done, padHint } = this.elements;
    const drawing = this.phase === "drawing";
    undo.disabled = !drawing || !this.pad.canUndo;
    redo.disabled = !drawing || !this.pad.canRedo;
    clear.disabled = !drawing || this.pad.isEmpty;
    skip.disabled = !drawing;
    done.disabled = !drawing || this.pad.isEmpty;
    padHint.hidden = !this.pad.isEmpty;
  }
}
