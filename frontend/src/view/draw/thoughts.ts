/** What the model thought while the pen moved, one thought after the other, for "second thoughts" and the score. */
import type { Guess } from "../../predict/guess.ts";
import type { Label } from "../../predict/manifest.ts";

export interface Thought {
  /** What it took the drawing for; undefined: for nothing it knows. */
  readonly label: Label | undefined;
  /** Since when, from the first ink. */
  readonly atSeconds: number;
}

/** Nobody reads what flickers by: what was thought for less is no thought. */
const PASSING_SECONDS = 0.3;

/** However long somebody draws. */
const MAX_THOUGHTS = 50;

/** Add what a guess says, unless it says the same as before. */
export function think(thoughts: readonly Thought[], guess: Guess, atSeconds: number): readonly Thought[] {
  const label = guess.unknown ? undefined : guess.ranked[0]?.label;
  const kept = saysSame(thoughts.at(-1), label) ? thoughts : dropPassing(thoughts, atSeconds);
  if (saysSame(kept.at(-1), label)) return kept;
  return [...kept, { label, atSeconds }].slice(-MAX_THOUGHTS);
}

/**
 * Tell after how many seconds the model came to a label and stayed with it to the end.
 *
 * @returns undefined when its last thought was another.
 */
export function findRecognition(thoughts: readonly Thought[], name: string): number | undefined {
  const last = thoughts.at(-1);
  return last?.label?.name === name ? last.atSeconds : undefined;
}

function dropPassing(thoughts: readonly Thought[], atSeconds: number): readonly Thought[] {
  const last = thoughts.at(-1);
  return last && atSeconds - last.atSeconds < PASSING_SECONDS ? thoughts.slice(0, -1) : thoughts;
}

function saysSame(thought: Thought | undefined, label: Label | undefined): boolean {
  return thought !== undefined && thought.label?.name === label?.name;
}
