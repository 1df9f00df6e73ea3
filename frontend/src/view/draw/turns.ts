/** What comes next: another prompt, another drawing, the round's page, the other mode. */
import type { OthersDrawings } from "../../server/others_drawings.ts";
import { type Board, FREE_ADDRESS } from "./board.ts";
import type { Easel } from "./easel.ts";
import type { DrawElements } from "./elements.ts";
import { ask, closeRound, drawFreely, type Game, hasResult, isRoundFull, playRounds } from "./game.ts";
import type { Prompts } from "./prompts.ts";
import type { ResultPanel } from "./result_panel.ts";
import { openRound } from "./round_door.ts";

export interface TurnParts {
  readonly board: Board;
  readonly easel: Easel;
  readonly prompts: Prompts;
  readonly result: ResultPanel;
  readonly elements: Pick<DrawElements, "pad" | "prompt" | "roundBody">;
  readonly othersDrawings: OthersDrawings;
  /** Lets a screen reader say what is asked for now. */
  readonly sayAsked: (words: string) => void;
}

export class Turns {
  private readonly parts: TurnParts;

  constructor(parts: TurnParts) {
    this.parts = parts;
    addEventListener("hashchange", () => this.followAddress());
  }

  /** Begin a drawing in the mode that the address names; what is on the pad stays. */
  begin(): void {
    const { board, sayAsked } = this.parts;
    // The pad, which gets the focus, is described by the heading.
    sayAsked("");
    if (isFreeAddress()) board.change(drawFreely(board.game));
    else this.ask(playRounds(board.game));
  }

  /** What is asked for is gone, withdrawn or of another label set: ask for something else. */
  askAnother(): void {
    const { board, prompts } = this.parts;
    const { phase, asked } = board.game;
    if (phase === "drawing" && asked && !prompts.includes(asked.name)) this.askInstead();
  }

  /** Ask for something else, on a fresh sheet. */
  skip(): void {
    this.parts.easel.startOver();
    this.askInstead();
  }

  /** Go on from a result: to the next drawing, or to the page of a round that is full. Elsewhere nothing happens. */
  next(): void {
    const { game } = this.parts.board;
    if (!hasResult(game)) return;
    if (game.phase === "done" && game.mode === "round" && isRoundFull(game)) return this.closeRound(game);
    this.takeFreshSheet();
    this.begin();
    // Whoever has read on below finds the fresh sheet before them.
    scrollTo(0, 0);
    this.parts.elements.pad.focus({ preventScroll: true });
  }

  /** Ask for something else than what is asked for; nothing moves the focus, so it is said, too. */
  private askInstead(): void {
    const { board, elements, sayAsked } = this.parts;
    this.ask(board.game);
    sayAsked(elements.prompt.textContent ?? "");
  }

  private ask(from: Game): void {
    const asked = [...from.drawn.map(({ label }) => label.name), ...(from.asked ? [from.asked.name] : [])];
    const label = this.parts.prompts.next(asked);
    if (label) this.parts.board.change(ask(from, label));
  }

  private takeFreshSheet(): void {
    this.parts.result.close();
    this.parts.easel.startOver();
  }

  private closeRound(game: Game): void {
    const { board, elements, othersDrawings } = this.parts;
    this.takeFreshSheet();
    board.change(closeRound(game));
    elements.prompt.focus();
    void openRound(elements.roundBody, game.drawn, othersDrawings);
  }

  /** The address names another mode: go there with what is being drawn; a drawing that is finished stays behind. */
  private followAddress(): void {
    const { game } = this.parts.board;
    const isFree = isFreeAddress();
    // What is being stored is stored first; the next drawing follows the address.
    if (game.phase === "waiting" || game.phase === "storing" || isFree === (game.mode === "free")) return;
    if (!isFree && isRoundFull(game)) return this.closeRound(playRounds(game));
    if (game.phase !== "drawing") this.takeFreshSheet();
    this.begin();
  }
}

function isFreeAddress(): boolean {
  return location.hash === FREE_ADDRESS;
}
