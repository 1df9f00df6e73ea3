/** The game as a value: how far it is, and what was drawn this round. Each step gives the next value, and touches nothing. */
import type { Drawing } from "../../pad/history.ts";
import type { Guess } from "../../predict/guess.ts";
import type { Label } from "../../predict/manifest.ts";
import type { Sketch } from "./sketch.ts";
import type { Thought } from "./thoughts.ts";

export const DRAWINGS_A_ROUND = 5;

/** round: five drawings, each asked for; free: whatever one likes, named afterwards. */
export type Mode = "round" | "free";

/**
 * waiting: for the first labels; storing: "Done" was pressed; naming: "What was it?"; done: the result is shown;
 * round: the result of the whole round is shown.
 */
export type Phase = "waiting" | "drawing" | "storing" | "naming" | "done" | "round";

/** A finished drawing, with what the model made of it. */
export interface Finished {
  /** As it was drawn. */
  readonly drawing: Drawing;
  /** As it is guessed and stored. */
  readonly sketch: Sketch;
  /** Undefined when no model answered. */
  readonly guess: Guess | undefined;
  readonly thoughts: readonly Thought[];
  /** How long it may have taken to be recognised; undefined: the timer was off. */
  readonly limitSeconds: number | undefined;
}

/** A finished drawing that has a name. */
export interface Drawn extends Finished {
  readonly label: Label;
  /** Whether the model has learnt the label. */
  readonly canBeGuessed: boolean;
}

export interface Game {
  readonly mode: Mode;
  readonly phase: Phase;
  /** What is to be drawn; undefined in free drawing. */
  readonly asked: Label | undefined;
  /** This round's, in their order. */
  readonly drawn: readonly Drawn[];
}

export const NEW_GAME: Game = { mode: "round", phase: "waiting", asked: undefined, drawn: [] };

/** Number of the drawing that is being made, or was made last: 1..DRAWINGS_A_ROUND. */
export function numberOf({ drawn, phase }: Game): number {
  return Math.min(drawn.length + (phase === "done" ? 0 : 1), DRAWINGS_A_ROUND);
}

/** Whether the round has all its drawings. */
export function isRoundFull({ drawn }: Game): boolean {
  return drawn.length >= DRAWINGS_A_ROUND;
}

/** Whether a result is on show, of a drawing or of the whole round: from there one goes on. */
export function hasResult({ phase }: Game): boolean {
  return phase === "done" || phase === "round";
}

/** Ask for a label; a round whose drawings are all there is over, and this is the first of another. */
export function ask(game: Game, label: Label): Game {
  return { ...game, phase: "drawing", asked: label, drawn: isRoundFull(game) ? [] : game.drawn };
}

/** Draw without being asked for anything; a round that was not yet looked back at waits for its drawer's return. */
export function drawFreely(game: Game): Game {
  const drawn = game.phase === "round" ? [] : game.drawn;
  return { ...game, mode: "free", phase: "drawing", asked: undefined, drawn };
}

/** Leave free drawing; what to draw has yet to be asked. */
export function playRounds(game: Game): Game {
  return { ...game, mode: "round" };
}

/** "Done" was pressed. */
export function finish(game: Game): Game {
  return { ...game, phase: "storing" };
}

/** The drawing could not be kept: it is as before "Done". */
export function goOnDrawing(game: Game): Game {
  return { ...game, phase: "drawing" };
}

/** A free drawing is finished: what was it? */
export function askForName(game: Game): Game {
  return { ...game, phase: "naming" };
}

/** The drawing is dealt with. @param drawn it; counted in a round only. */
export function conclude(game: Game, drawn?: Drawn): Game {
  const counted = drawn && game.mode === "round" ? [...game.drawn, drawn] : game.drawn;
  return { ...game, phase: "done", drawn: counted };
}

/** What was drawn was really something else. @param drawn as it is in the game; elsewhere nothing changes. */
export function correct(game: Game, drawn: Drawn, corrected: Drawn): Game {
  return { ...game, drawn: game.drawn.map((each) => (each === drawn ? corrected : each)) };
}

/** Look back at the whole round. */
export function closeRound(game: Game): Game {
  return { ...game, phase: "round", asked: undefined };
}
