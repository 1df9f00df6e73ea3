/** A run's measures: by part (train, test), or by model and holdout. */

export interface Measured {
  /** "test", or "candidate, recent". */
  readonly name: string;
  /** In [0, 1]. */
  readonly accuracy: number;
  readonly log_loss: number | null;
  readonly num_doodles: number | null;
}

/** What a run is known by, the first that there is. */
const BEST_KNOWN = ["test", "candidate, recent", "candidate, base"];

/** As one reads them; what is not among them comes after them, by name. */
const ORDER = ["test", "validation", "train"];

/** List what was measured, whatever the kind of run. */
export function listMeasures(metrics: unknown): Measured[] {
  const rank = ({ name }: Measured) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const byName = (one: Measured, other: Measured) => one.name.localeCompare(other.name, "en");
  return findMeasures(metrics, []).sort((one, other) => rank(one) - rank(other) || byName(one, other));
}

function findMeasures(metrics: unknown, path: readonly string[]): Measured[] {
  if (typeof metrics !== "object" || metrics === null) return [];
  const { accuracy, log_loss, loss, num_doodles } = metrics as Record<string, unknown>;
  if (typeof accuracy === "number") {
    const name = path.join(", ");
    return [
      { name, accuracy, log_loss: numberOf(log_loss) ?? numberOf(loss), num_doodles: numberOf(num_doodles) },
    ];
  }
  return Object.entries(metrics).flatMap(([name, inner]) => findMeasures(inner, [...path, name]));
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** Find the one that says most about what a run has made. @returns undefined where nothing was measured. */
export function findScore(metrics: unknown): Measured | undefined {
  const measured = listMeasures(metrics);
  const known = BEST_KNOWN.map((name) => measured.find((each) => each.name === name));
  return known.find((each) => each !== undefined) ?? measured[0];
}

/** Find the best of some values. @returns undefined where there is nothing to choose from, or nothing to choose by. */
export function findBest(values: readonly (number | null)[], best: "high" | "low"): number | undefined {
  const known = values.filter((value) => value !== null);
  if (known.length < 2 || known.every((value) => value === known[0])) return undefined;
  return best === "high" ? Math.max(...known) : Math.min(...known);
}
