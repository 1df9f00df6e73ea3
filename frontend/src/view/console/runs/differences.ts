/** What several runs were told, property by property. */
import type { Facts, Scalar, TrackedRun } from "../../../server/runs.ts";

export interface Property {
  readonly name: string;
  /** One for each run; undefined where it was not told. */
  readonly values: readonly (Scalar | undefined)[];
  readonly isDifferent: boolean;
}

/** All that a run was told. */
export function listArguments(run: TrackedRun): Facts {
  const { kind, dataset, network, network_args, train_args } = run;
  return { kind, dataset, network, ...network_args, ...train_args };
}

/** Put what runs were told side by side; in the order in which a property first comes up. */
export function compareArguments(runs: readonly TrackedRun[]): Property[] {
  const told = runs.map(listArguments);
  const names = [...new Set(told.flatMap((facts) => Object.keys(facts)))];
  return names.map((name) => {
    const values = told.map((facts) => facts[name]);
    return { name, values, isDifferent: values.some((value) => value !== values[0]) };
  });
}
