/** What several runs were told, property by property. */
import type { Facts, Scalar, TrackedRun } from "../../../server/runs.ts";
import { sayValue } from "./run_words.ts";

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

/** A legend has no room for more. */
const MOST_TOLD = 2;

/** Name runs for a chart's legend, by key: by the networks where they differ, and by what else they were told. */
export function nameRuns(runs: readonly TrackedRun[]): ReadonlyMap<string, string> {
  const different = compareArguments(runs).filter(({ isDifferent }) => isDifferent);
  const isOfNetworks = different.some(({ name }) => name === "network");
  const others = different.filter(({ name }) => !["kind", "dataset", "network"].includes(name));
  return new Map(
    runs.map(({ key, network, kind }, index) => {
      const told = isOfNetworks ? [] : others.slice(0, MOST_TOLD);
      const facts = told.map(({ name, values }) => `${name.replaceAll("_", " ")} ${sayValue(values[index])}`);
      return [key, [`${network ?? kind} ${key.slice(0, 8)}`, ...facts].join(", ")];
    }),
  );
}
