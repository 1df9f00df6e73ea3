/** What "Done" did, in words. */
import { say, sayName, sayPrompt } from "../../messages/index.ts";
import type { Guess } from "../../predict/guess.ts";
import type { Label } from "../../predict/manifest.ts";
import type { Delivery } from "../../server/outbox.ts";
import { sayPercent } from "../percent.ts";
import type { Drawn, Finished } from "./game.ts";
import type { Outcome } from "./sending.ts";

type Named = Pick<Drawn, "guess" | "label" | "canBeGuessed">;

/** Say where the drawing is and whether the guess was right. */
export function sayResult(outcome: Outcome, drawn: Named): string {
  if (outcome.kind === "refused") return say("page.not_stored", { reason: outcome.reason });
  if (outcome.kind === "unsent") return `${say("game.unsent")} ${sayUnsent(drawn)}`;
  const where = sayWhere(outcome);
  return `${where} ${drawn.canBeGuessed ? saySent(drawn) : say("page.to_learn", promptOf(drawn.label))}`;
}

function sayWhere(outcome: Delivery): string {
  if (outcome.kind !== "waiting") return say("page.stored");
  return say(outcome.isFleeting ? "offline.kept_here" : "page.kept");
}

function saySent({ guess, label }: Named): string {
  const top = guess?.ranked[0];
  if (!guess || !top) return say("page.no_guess");
  if (guess.unknown) return say("page.did_not_know");
  const isRight = top.label.name === label.name;
  return say(isRight ? "page.guessed_right" : "page.guessed_wrong", compare(guess, label));
}

function sayUnsent({ guess, label, canBeGuessed }: Named): string {
  const top = guess?.ranked[0];
  if (!canBeGuessed) return say("game.unsent_new", promptOf(label));
  if (!guess || !top) return say("page.no_guess");
  if (guess.unknown) return say("game.unsent_unknown");
  const isRight = top.label.name === label.name;
  return say(isRight ? "game.unsent_right" : "game.unsent_wrong", compare(guess, label));
}

/** Say what a free drawing is taken for, before its drawer says what it is. */
export function sayFreeGuess({ guess }: Pick<Finished, "guess">): string {
  const top = guess?.ranked[0];
  if (!guess || !top) return say("page.no_guess");
  if (guess.unknown) return say("page.not_known");
  return say("game.i_guess", { name: sayName(top.label), share: sayPercent(top.confidence) });
}

/** Say what became of "it was really a ...". */
export function sayCorrection(delivery: Delivery, label: Label): string {
  if (delivery.kind === "refused") return say("page.not_changed", { reason: delivery.reason });
  return say(delivery.kind === "stored" ? "page.changed" : "page.changed_later", { name: sayName(label) });
}

function promptOf(label: Label) {
  return { prompt: sayPrompt(label) };
}

function compare(guess: Guess, label: Label) {
  const { label: guessed, confidence } = guess.ranked[0] ?? { label, confidence: 0 };
  return { name: sayName(guessed), share: sayPercent(confidence), ...promptOf(label) };
}
