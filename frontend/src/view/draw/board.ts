/** Holds the game and shows how far it is: which drawing of how many, what is asked for, which ones were recognised. */
import { say, sayPrompt } from "../../messages/index.ts";
import { keepPainted, tell } from "../../messages/page_words.ts";
import type { Label } from "../../predict/manifest.ts";
import { getWithin, make } from "../element.ts";
import type { DrawElements } from "./elements.ts";
import { DRAWINGS_A_ROUND, type Game, isRoundFull, NEW_GAME, numberOf } from "./game.ts";
import { judge, scoreRound } from "./score.ts";

/** Where in the page's address each mode is. */
export const FREE_ADDRESS = "#free";
const ROUND_ADDRESS = "#play";

type Shown = Pick<DrawElements, "stage" | "prompt" | "place" | "dots" | "otherMode" | "next" | "round">;

export class Board {
  private readonly elements: Shown;
  private readonly onChange: () => void;
  private current = NEW_GAME;

  /** @param onChange called after each change. */
  constructor(elements: Shown, onChange: () => void) {
    this.elements = elements;
    this.onChange = onChange;
  }

  get game(): Game {
    return this.current;
  }

  change(next: Game): void {
    this.current = next;
    this.show(next);
    this.onChange();
  }

  private show(game: Game): void {
    const { stage, place, otherMode, next, round } = this.elements;
    Object.assign(stage.dataset, { phase: game.phase, mode: game.mode });
    otherMode.setAttribute("href", game.mode === "round" ? FREE_ADDRESS : ROUND_ADDRESS);
    tell(otherMode, () => say(game.mode === "round" ? "game.draw_freely" : "game.play"));
    tell(place, () => sayPlace(game));
    round.hidden = game.phase !== "round";
    tell(getWithin(next, "span", HTMLElement), () => say(isLast(game) ? "game.round_result" : "page.next"));
    this.showDots(game);
    if (game.phase !== "waiting") this.showHeading(game);
  }

  private showHeading(game: Game): void {
    const { prompt } = this.elements;
    if (game.asked) prompt.dataset["label"] = game.asked.name;
    else delete prompt.dataset["label"];
    keepPainted(prompt, () => prompt.replaceChildren(...sayHeading(game)));
  }

  private showDots({ mode, drawn, phase }: Game): void {
    const { dots } = this.elements;
    dots.hidden = mode === "free";
    const current = phase === "drawing" || phase === "storing" ? drawn.length : -1;
    const kinds = Array.from({ length: DRAWINGS_A_ROUND }, (_, place) => {
      const one = drawn[place];
      if (one) return judge(one).kind;
      return place === current ? "current" : "open";
    });
    dots.replaceChildren(...kinds.map((kind) => make("span", { data: { kind } })));
  }
}

function isLast(game: Game): boolean {
  return game.mode === "round" && isRoundFull(game);
}

function sayPlace(game: Game): string {
  if (game.mode === "free") return say("game.free");
  if (game.phase === "round") return say("game.your_round");
  return say("game.round_of", { number: numberOf(game), total: DRAWINGS_A_ROUND });
}

function sayHeading({ mode, phase, asked, drawn }: Game): readonly (Node | string)[] {
  if (phase === "round") return [sayScore(drawn)];
  if (mode === "free" || !asked) return [say("game.draw_anything")];
  return emphasise(asked);
}

/** Say what to draw, with an emphasis on it wherever the language puts it. */
function emphasise(label: Label): readonly (Node | string)[] {
  const [before = "", after = ""] = say("game.draw", { prompt: "\n" }).split("\n");
  return [before, make("em", { text: sayPrompt(label) }), after];
}

function sayScore(drawn: Game["drawn"]): string {
  const { numRecognised, numCounted } = scoreRound(drawn);
  if (numCounted === 0) return say("game.score_none");
  return say("game.score", { right: numRecognised, count: numCounted });
}
