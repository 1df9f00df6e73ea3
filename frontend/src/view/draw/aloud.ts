/** What the model says aloud while somebody draws: it sees something, doubts, knows, and thinks better of it. */
import { say, sayPrompt } from "../../messages/index.ts";
import type { Guess, RankedLabel } from "../../predict/guess.ts";

/** From this confidence on it says that it knows; chosen by ear, so that it is rarely taken back. */
const SURE = 0.8;

/** From this confidence on the second label is worth a word. */
const MAYBE = 0.15;

export interface Said {
  readonly words: string;
  /** Name of the label it was sure of, if it was of one. */
  readonly sureOf: string | undefined;
}

export const SILENCE: Said = { words: "", sureOf: undefined };

/**
 * Find the words for a guess.
 *
 * @param guess undefined for an empty sheet.
 * @param before what was said last about this drawing.
 */
export function speakOf(guess: Guess | undefined, before: Said): Said {
  const [top, second] = guess?.ranked ?? [];
  if (!guess || !top) return SILENCE;
  if (guess.unknown) return { words: say("game.dont_know"), sureOf: undefined };
  return top.confidence >= SURE ? know(top, before) : { words: wonder(top, second), sureOf: undefined };
}

function know({ label }: RankedLabel, before: Said): Said {
  if (before.sureOf === label.name) return before;
  const key = before.sureOf === undefined ? "game.know" : "game.rather";
  return { words: say(key, { prompt: sayPrompt(label) }), sureOf: label.name };
}

function wonder({ label }: RankedLabel, second: RankedLabel | undefined): string {
  const prompt = sayPrompt(label);
  if (!second || second.confidence < MAYBE) return say("game.see", { prompt });
  return say("game.see_or", { prompt, other: sayPrompt(second.label) });
}
