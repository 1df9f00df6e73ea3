/** What "Done" did, in words. */
import type { Guess } from "../../predict/guess.ts";
import type { Label } from "../../predict/manifest.ts";
import type { Delivery } from "../../server/outbox.ts";
import { sayPercent } from "../percent.ts";

/**
 * Say where the drawing is and whether the guess was right.
 *
 * @param isKnown whether the model has learnt the label; of one that was just added it has not.
 */
export function sayResult(
  delivery: Delivery,
  guess: Guess | undefined,
  label: Label,
  isKnown = true,
): string {
  if (delivery.kind === "refused") return `Not stored: ${delivery.reason}`;
  return `${sayWhere(delivery.kind)} ${isKnown ? sayGuess(guess, label) : sayNew(label)}`;
}

function sayNew(label: Label): string {
  return `What ${label.prompt} looks like I have yet to learn, from drawings like this one.`;
}

function sayWhere(kind: "stored" | "waiting"): string {
  return kind === "stored" ? "Stored." : "Kept on this device, and sent as soon as the server takes it.";
}

function sayGuess(guess: Guess | undefined, label: Label): string {
  const top = guess?.ranked[0];
  if (!guess || !top) return "I could not guess this time.";
  if (guess.unknown) return "I did not know this one yet. Drawings like it are how I learn.";
  const guessed = `I guessed ${top.label.name} (${sayPercent(top.confidence)})`;
  return top.label.name === label.name
    ? `${guessed}\u00a0\u2013\u00a0right!`
    : `${guessed}, you drew ${label.prompt}. That is how I learn.`;
}

/** Say what became of "it was really a ...". */
export function sayCorrection(delivery: Delivery, label: Label): string {
  if (delivery.kind === "refused") return `Not changed: ${delivery.reason}`;
  const changed = `Thank you. This is ${label.prompt} now`;
  return delivery.kind === "stored"
    ? `${changed}.`
    : `${changed}; the server hears of it as soon as it can be reached.`;
}
