/** What a round came to: which drawings the model recognised, and how soon. */
import type { Drawn } from "./game.ts";
import { findRecognition } from "./thoughts.ts";

export type Verdict =
  | { readonly kind: "recognised"; readonly afterSeconds: number }
  /** Recognised, but after the time was up. */
  | { readonly kind: "late"; readonly afterSeconds: number }
  | { readonly kind: "missed" }
  /** The model has yet to learn the label, or there was none to guess: nobody's fault. */
  | { readonly kind: "uncounted" };

export interface Score {
  readonly numRecognised: number;
  /** Drawings that could have been. */
  readonly numCounted: number;
}

/** Judge one drawing: recognised is what the model took for its label in the end, within the time. */
export function judge({ label, canBeGuessed, guess, thoughts, limitSeconds }: Drawn): Verdict {
  if (!guess || !canBeGuessed) return { kind: "uncounted" };
  const afterSeconds = findRecognition(thoughts, label.name);
  if (afterSeconds === undefined) return { kind: "missed" };
  const isLate = limitSeconds !== undefined && afterSeconds > limitSeconds;
  return { kind: isLate ? "late" : "recognised", afterSeconds };
}

/** Count a round. */
export function scoreRound(drawn: readonly Drawn[]): Score {
  const kinds = drawn.map((each) => judge(each).kind);
  return {
    numRecognised: kinds.filter((kind) => kind === "recognised").length,
    numCounted: kinds.filter((kind) => kind !== "uncounted").length,
  };
}
