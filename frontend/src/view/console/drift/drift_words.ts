/** Drift in words and as rows: pure, for the page and its charts. */
import type {
  Check,
  CheckSummary,
  Counts,
  DriftStanding,
  Histogram,
  Level,
  Measure,
  MeasureName,
} from "../../../server/drift.ts";
import type { ChartTable } from "../charts/figure.ts";
import { sayAmount, sayMoment } from "../words.ts";

export const STATE_NAMES: Readonly<Record<DriftStanding["state"], string>> = {
  waiting: "Waiting for drawings",
  steady: "Steady",
  watch: "Watch",
  alert: "Alert",
};

/** Say how many drawings are missing before anything can be told. */
export function sayMissing({ num_drawings, num_wanted }: DriftStanding): string {
  const missing = num_wanted - num_drawings;
  if (missing <= 0) return "There are enough now: a worker looks as soon as it can.";
  return `${sayAmount(missing, "more drawing")} needed: there are ${num_drawings} of ${num_wanted}.`;
}

/** Say what was compared with what. */
export function sayCompared(check: Check): string {
  const now = `the newest ${sayAmount(check.num_present, "drawing")} (since ${sayMoment(check.present_from)})`;
  const earlier = `${check.num_reference} of those before them (since ${sayMoment(check.reference_from)})`;
  const eyes = check.version === null ? "No version could look at them" : `Looked at by ${check.version}`;
  return `Now: ${now}. Before: ${earlier}. ${eyes}.`;
}

/** How far a measure is on its way to an alarm, in percent of the room: its threshold lies at ALERT_AT. */
export const ALERT_AT = 75;

/**
 * Place a value where both thresholds have fixed places: steady, watch and alert each get room to be seen.
 *
 * @returns in [0, 100]: the first threshold is at 37.5, the second at ALERT_AT.
 */
export function placeValue(value: number, { watch, alert }: Pick<Measure, "watch" | "alert">): number {
  const half = ALERT_AT / 2;
  if (value < watch) return (half * value) / watch;
  if (value < alert) return half + (half * (value - watch)) / (alert - watch);
  return Math.min(100, ALERT_AT + ((100 - ALERT_AT) * (value - alert)) / alert);
}

/** Write a figure as long as it says something. */
export function sayValue(value: number): string {
  if (value === 0) return "0";
  return value < 0.001 ? "< 0.001" : String(Number(value.toPrecision(value < 0.1 ? 2 : 3)));
}

/** A measure over time, oldest first, as points for a chart; gaps where it was not measured. */
export function traceMeasure(
  history: readonly CheckSummary[],
  name: MeasureName,
): readonly (readonly [number, number | null])[] {
  return history
    .map(({ created_at, values }) => [Date.parse(created_at), values[name] ?? null] as const)
    .reverse();
}

/** The history of one measure as a table. */
export function tabulateMeasure(history: readonly CheckSummary[], measure: Measure): ChartTable {
  return {
    columns: ["checked", measure.name, "watch from", "alert from", "finding of the check", "state"],
    rows: [...history]
      .reverse()
      .map(({ created_at, values, finding, state }) => [
        created_at,
        values[measure.name] ?? null,
        measure.watch,
        measure.alert,
        finding,
        state,
      ]),
  };
}

/** Both samples as shares, so that samples of different sizes can be compared. */
export function shareOut({ now, before }: Counts): { now: number[]; before: number[] } {
  return { now: toShares(now), before: toShares(before) };
}

function toShares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

/** Name the classes of a histogram by what lies between their edges. */
export function nameClasses({ edges }: Histogram, format: (value: number) => string): string[] {
  return edges.slice(1).map((edge, index) => `${format(edges[index] ?? 0)}\u2013${format(edge)}`);
}

/** Both samples as a table. */
export function tabulateCounts(kind: string, names: readonly string[], counts: Counts): ChartTable {
  const shares = shareOut(counts);
  return {
    columns: [kind, "now", "before", "share now", "share before"],
    rows: names.map((name, index) => [
      name,
      counts.now[index] ?? 0,
      counts.before[index] ?? 0,
      shares.now[index] ?? 0,
      shares.before[index] ?? 0,
    ]),
  };
}

/** The marks of a history: where the state changed. */
export function markChanges(history: readonly CheckSummary[]): { x: number; name: string }[] {
  const ordered = [...history].reverse();
  return ordered.flatMap(({ created_at, state }, index) => {
    const before: Level | undefined = ordered[index - 1]?.state;
    return before === undefined || before === state
      ? []
      : [{ x: Date.parse(created_at), name: STATE_NAMES[state] }];
  });
}
