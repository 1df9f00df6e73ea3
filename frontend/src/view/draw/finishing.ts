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
  readonly board: Pick<Board, "game" | "change">;
  readonly easel: Pick<Easel, "finish" | "goOn">;
  readonly prompts: Pick<Prompts, "labels" | "canBeGuessed">;
  readonly result: Pick<ResultPanel, "isOpen" | "open" | "say" | "close" | "askForName" | "offer">;
  readonly sending: Pick<Sending, "send" | "correct">;
  readonly next: Pick<HTMLButtonElement, "focus">;
  readonly preferences: { readonly current: Pick<Preferences, "hasTimer" | "isStoring"> };
  /** Says something quietly. */
  readonly notify: (words: string) => void;
}

/** A drawing that was handed over to be sent, and may be called something else. */
interface Correctable {
  readonly id: string;
  /** By its drawer's last word that was taken. */
  drawn: Drawn;
  /** How many corrections were sent; each is known by its number. */
  numSent: number;
  /** Number of the correction that `drawn` comes from; 0 for none. */
  lastTaken: number;
}

export class Finishing {
  private readonly parts: FinishingParts;
  /** What the result on show is about, if it can be corrected. */
  private correctable: Correctable | undefined;

  constructor(parts: FinishingParts) {
    this.parts = parts;
  }

  /**
   * Finish what is on the pad.
   *
   * @throws what the browser throws when it cannot even read or keep it: then it is on the pad still.
   */
  async finish(manifest: Manifest): Promise<void> {
    const { board, easel, preferences } = this.parts;
    board.change(finish(board.game));
    await this.orGoOnDrawing(async () => {
      const limitSeconds = preferences.current.hasTimer ? DRAWING_SECONDS : undefined;
      const finished = { ...(await easel.finish(manifest)), limitSeconds };
      const { asked } = board.game;
      if (asked) await this.keep(finished, asked);
      else this.askForName(finished);
    });
  }

  /** Take a step from "Done" to the result; one that fails leaves the drawing on the pad, so that nothing is lost. */
  private async orGoOnDrawing(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.goOnDrawing();
      throw error;
    }
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
      // Pressed twice, or another one after it: the first word counts, and each would be a drawing of its own.
      if (board.game.phase !== "naming") return;
      if (label) void this.orGoOnDrawing(() => this.keep(finished, label));
      else this.conclude(() => say("game.none_stored"));
    });
  }

  private async keep(finished: Finished, label: Label): Promise<void> {
    const { board, prompts, sending } = this.parts;
    board.change(finish(board.game));
    const sent = await sending.send(finished, label);
    this.showResult(sent, { ...finished, label, canBeGuessed: prompts.canBeGuessed(label.name) });
  }

  private goOnDrawing(): void {
    const { board, easel, result, notify } = this.parts;
    result.close();
    board.change(goOnDrawing(board.game));
    easel.goOn();
    notify(say("page.not_kept"));
  }

  private showResult({ id, outcome }: Sent, drawn: Drawn): void {
    this.conclude(() => sayResult(outcome, drawn), drawn);
    if (outcome.kind !== "stored" && outcome.kind !== "waiting") return;
    this.correctable = { id, drawn, numSent: 0, lastTaken: 0 };
    this.offerCorrections(this.correctable);
  }

  private conclude(words: () => string, drawn?: Drawn): void {
    const { board, result, next } = this.parts;
    this.correctable = undefined;
    board.change(conclude(board.game, drawn));
    result.open(words);
    next.focus({ preventScroll: true });
    prefetchRound();
  }

  private offerCorrections(sent: Correctable): void {
    this.parts.result.offer(this.parts.prompts.labels, sent.drawn.label.name, (label) => {
      void this.correct(sent, label);
    });
  }

  private async correct(sent: Correctable, label: Label): Promise<void> {
    const { board, prompts, result, sending } = this.parts;
    const number = ++sent.numSent;
    const delivery = await sending.correct(sent.id, label);
    // A later word has been taken meanwhile: the server, which hears them in their order, goes by that one, too.
    if (number < sent.lastTaken) return;
    const isShown = result.isOpen && this.correctable === sent;
    if (isShown) result.say(() => sayCorrection(delivery, label));
    if (delivery.kind === "refused") return;
    const before = sent.drawn;
    sent.drawn = { ...before, label, canBeGuessed: prompts.canBeGuessed(label.name) };
    sent.lastTaken = number;
    board.change(correct(board.game, before, sent.drawn));
    if (isShown) this.offerCorrections(sent);
  }
}
