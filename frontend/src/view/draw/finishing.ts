/** From "Done" to the result: guessed, named, kept and sent, and corrected if it was really something else. */
import { say } from "../../messages/index.ts";
import type { Label, Manifest } from "../../predict/manifest.ts";
import type { Board } from "./board.ts";
import type { Easel } from "./easel.ts";
import { askForName, conclude, correct, type Drawn, type Finished, finish, goOnDrawing } from "./game.ts";
import type { Preferences } from "./preferences.ts";
import type { Prompts } from "./prompts.ts";
import type { ResultPanel } from "./result_panel.ts";
import { sayCorrection, sayFreeGuess, sayResult } from "./result_words.ts";
import { prefetchRound } from "./round_door.ts";
import type { Sending, Sent } from "./sending.ts";
import { DRAWING_SECONDS } from "./timer.ts";

export interface FinishingParts {
  readonly board: Board;
  readonly easel: Easel;
  readonly prompts: Prompts;
  readonly result: ResultPanel;
  readonly sending: Sending;
  readonly next: HTMLButtonElement;
  readonly preferences: { readonly current: Preferences };
  /** Says something quietly. */
  readonly notify: (words: string) => void;
}

export class Finishing {
  private readonly parts: FinishingParts;
  /** What the result on show is about, if it can be corrected. */
  private correctable: Drawn | undefined;

  constructor(parts: FinishingParts) {
    this.parts = parts;
  }

  /** Finish what is on the pad. @throws what the browser throws when it cannot even keep it: then it is on the pad still. */
  async finish(manifest: Manifest): Promise<void> {
    const { board, easel, preferences } = this.parts;
    board.change(finish(board.game));
    const limitSeconds = preferences.current.hasTimer ? DRAWING_SECONDS : undefined;
    const finished = { ...(await easel.finish(manifest)), limitSeconds };
    const { asked } = board.game;
    if (asked) await this.keep(finished, asked);
    else this.askForName(finished);
  }

  /** A free drawing says what it is afterwards; where nothing is stored, nobody needs to know. */
  private askForName(finished: Finished): void {
    const { board, prompts, result, preferences } = this.parts;
    if (!preferences.current.isStoring) {
      return this.conclude(() => `${sayFreeGuess(finished)} ${say("game.unsent")}`);
    }
    board.change(askForName(board.game));
    result.open(() => sayFreeGuess(finished));
    const guessed = finished.guess?.unknown ? undefined : finished.guess?.ranked[0]?.label.name;
    result.askForName(prompts.labels, guessed, (label) => {
      if (label) void this.keep(finished, label);
      else this.conclude(() => say("game.none_stored"));
    });
  }

  private async keep(finished: Finished, label: Label): Promise<void> {
    const { board, prompts, sending } = this.parts;
    board.change(finish(board.game));
    try {
      const sent = await sending.send(finished, label);
      this.showResult(sent, { ...finished, label, canBeGuessed: prompts.canBeGuessed(label.name) });
    } catch (error) {
      this.goOnDrawing();
      throw error;
    }
  }

  /** The browser could not even keep the drawing: leave it on the pad, so that nothing is lost. */
  private goOnDrawing(): void {
    const { board, easel, result, notify } = this.parts;
    result.close();
    board.change(goOnDrawing(board.game));
    easel.goOn();
    notify(say("page.not_kept"));
  }

  private showResult({ id, outcome }: Sent, drawn: Drawn): void {
    this.conclude(() => sayResult(outcome, drawn), drawn);
    if (outcome.kind === "stored" || outcome.kind === "waiting") this.offerCorrections(id, drawn);
  }

  private conclude(words: () => string, drawn?: Drawn): void {
    const { board, result, next } = this.parts;
    this.correctable = undefined;
    board.change(conclude(board.game, drawn));
    result.open(words);
    next.focus({ preventScroll: true });
    prefetchRound();
  }

  private offerCorrections(id: string, drawn: Drawn): void {
    this.correctable = drawn;
    this.parts.result.offer(this.parts.prompts.labels, drawn.label.name, (label) => {
      void this.correct(id, drawn, label);
    });
  }

  private async correct(id: string, drawn: Drawn, label: Label): Promise<void> {
    const { board, prompts, result, sending } = this.parts;
    const delivery = await sending.correct(id, label);
    const isShown = result.isOpen && this.correctable === drawn;
    if (isShown) result.say(() => sayCorrection(delivery, label));
    if (delivery.kind === "refused") return;
    const corrected = { ...drawn, label, canBeGuessed: prompts.canBeGuessed(label.name) };
    board.change(correct(board.game, drawn, corrected));
    if (isShown) this.offerCorrections(id, corrected);
  }
}
