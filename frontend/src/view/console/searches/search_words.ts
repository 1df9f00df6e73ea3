/** Searches, in words. */
import type { Method, Plan, Search, Trial } from "../../../server/searches.ts";
import { sayAmount, sayDuration, sayNumber, sayShare } from "../words.ts";

export const METHOD_WORDS: Readonly<Record<Method, string>> = {
  grid: "Grid: every combination",
  random: "Random: so many at random",
  tpe: "TPE: each where it promises most",
};

const METHOD_NAMES: Readonly<Record<Method, string>> = { grid: "grid", random: "random", tpe: "TPE" };

/** Say what a search is called. */
export function sayName({ name, key }: Pick<Search, "name" | "key">): string {
  return name === "" ? `Search ${key.slice(0, 8)}` : name;
}

export function sayMethod({ method, pruning }: Pick<Search, "method" | "pruning">): string {
  return METHOD_NAMES[method] + (pruning ? ", with pruning" : "");
}

/** Say how much a search will be, before it starts. */
export function sayPlan(
  { num_combinations: number, estimated_seconds: seconds }: Plan,
  method: Method,
): string {
  const what = method === "grid" ? sayAmount(number, "combination") : sayAmount(number, "trial");
  return seconds === null ? what : `${what}, about ${sayDuration(seconds)}`;
}

/** Say how far a search is. */
export function sayCounts({ counts, num_trials: all }: Pick<Search, "counts" | "num_trials">): string {
  const parts = (["finished", "pruned", "failed", "running", "waiting", "cancelled"] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${sayNumber(counts[state])} ${state === "cancelled" ? "put off" : state}`);
  return `${sayAmount(all, "trial")}: ${parts.join(", ") || "none begun"}`;
}

/** How much of a search is over, in [0, 1]. */
export function shareDone({ counts, num_trials: all }: Pick<Search, "counts" | "num_trials">): number {
  return all === 0 ? 0 : (counts.finished + counts.pruned + counts.failed) / all;
}

/** Say how long a search has taken, and will. */
export function sayTime({ state, elapsed_seconds: elapsed, estimated_seconds: left }: Search): string {
  if (state === "finished" || state === "stopped") return `took ${sayDuration(elapsed)}`;
  const taken = elapsed === 0 ? "not begun" : `${sayDuration(elapsed)} so far`;
  return typeof left === "number" ? `${taken}, about ${sayDuration(left)} left` : taken;
}

export function sayBest({ best }: Pick<Search, "best">): string {
  return best === null ? "none yet" : `trial ${best.trial}, ${sayShare(best.accuracy)}`;
}

/** Say how a trial stands. */
export function sayTrialState({ state }: Pick<Trial, "state">): string {
  return state === "cancelled" ? "put off" : state;
}

/** What can be done about a search just now. */
export function listActions({ state, best }: Pick<Search, "state" | "best">): readonly string[] {
  return [
    ...(state === "running" ? ["stop"] : []),
    ...(state === "stopping" || state === "stopped" ? ["resume"] : []),
    "extend",
    ...(best === null ? [] : ["candidate"]),
  ];
}
