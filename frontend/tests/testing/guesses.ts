/** Guesses as a model makes them. */
import type { Guess } from "../../src/predict/guess.ts";

/** @param confidences by the label's name, the highest first. */
export function makeGuess(confidences: Readonly<Record<string, number>>, unknown = false): Guess {
  const ranked = Object.entries(confidences).map(([name, confidence]) => ({
    label: makeLabel(name),
    confidence,
  }));
  return { ranked, unknown, version: "aaaaaaaaaaaa" };
}

export function makeLabel(name: string) {
  return { name, prompt: `a ${name}`, emoji: name.slice(0, 1) };
}
