/** The order of a search's trials in their table, and what stands in it. */
import type { Trial, Value } from "../../../server/searches.ts";
import type { ChartTable } from "../charts/chart_table.ts";

export interface TrialOrder {
  /** A column, or a property's name. */
  readonly by: string;
  readonly isRising: boolean;
}

export const IN_ORDER: TrialOrder = { by: "trial", isRising: true };

const LARGEST_FIRST: readonly string[] = ["accuracy"];

/** Sort by something, or the other way round where it is sorted by that already. */
export function turnOrder({ by, isRising }: TrialOrder, asked: string): TrialOrder {
  if (by === asked) return { by, isRising: !isRising };
  return { by: asked, isRising: !LARGEST_FIRST.includes(asked) };
}

/** What a trial is sorted by; null: not known. */
export function factOf(trial: Trial, by: string): Value | null {
  if (by === "trial") return trial.trial;
  if (by === "accuracy" || by === "loss" || by === "test_accuracy") return trial.metrics?.[by] ?? null;
  if (by === "state" || by === "worker" || by === "attempt" || by === "seconds") return trial[by];
  return trial.params?.[by] ?? null;
}

/** Sort trials; what is not known stands last, either way. */
export function sortTrials(trials: readonly Trial[], { by, isRising }: TrialOrder): Trial[] {
  return [...trials].sort((one, other) => {
    const [left, right] = [factOf(one, by), factOf(other, by)];
    if (left === null || right === null)
      return Number(left === null) - Number(right === null) || one.trial - other.trial;
    return (isRising ? 1 : -1) * compare(left, right) || one.trial - other.trial;
  });
}

function compare(left: Value, right: Value): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right));
}

/** All that is known of the trials, for a spreadsheet. */
export function tabulateTrials(trials: readonly Trial[]): ChartTable {
  const properties = [...new Set(trials.flatMap(({ params }) => Object.keys(params ?? {})))];
  const facts = ["accuracy", "loss", "test_accuracy", "seconds", "worker", "attempt"];
  return {
    columns: ["trial", "state", ...properties, ...facts, "run"],
    rows: trials.map((trial) => [
      trial.trial,
      trial.state,
      ...properties.map((name) => trial.params?.[name] ?? null),
      ...facts.map((name) => factOf(trial, name)),
      trial.run,
    ]),
  };
}
