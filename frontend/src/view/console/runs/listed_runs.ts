/** The runs on the page as they change: what is heard of them, and when the list must be asked for anew. */
import type { RunFilter, TrackedRun } from "../../../server/runs.ts";

export interface Heard {
  readonly runs: readonly TrackedRun[];
  /** A run has come or changed its state: others may belong on the page now. */
  readonly isStale: boolean;
}

/** Put what is heard of a run in its place. @param known states of runs that were heard, by key. */
export function hearRun(
  runs: readonly TrackedRun[],
  run: TrackedRun,
  known: ReadonlyMap<string, string>,
  filter: RunFilter,
): Heard {
  const listed = runs.find(({ key }) => key === run.key);
  const before = listed?.state ?? known.get(run.key);
  const isWanted = run.kind !== "trial" || filter.kind === "trial";
  return {
    runs: listed ? runs.map((old) => (old.key === run.key ? run : old)) : runs,
    isStale: isWanted && before !== run.state,
  };
}
