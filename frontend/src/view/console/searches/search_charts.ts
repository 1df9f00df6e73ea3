/** What a search has found, as charts: where it is good, what matters, how the best came about. */
import type { Params, Search, Trial, Value } from "../../../server/searches.ts";
import type { Bars } from "../charts/bar_chart.ts";
import type { ChartTable } from "../charts/chart_table.ts";
import type { HeatMap } from "../charts/heat_map.ts";
import type { LineChart } from "../charts/line_chart.ts";
import type { ParallelChart } from "../charts/parallel.ts";
import { sayShare } from "../words.ts";
import { listVaried } from "./configuration_text.ts";

/** More than so many values an axis make a heat map too fine to read. */
const MOST_CELLS_A_SIDE = 16;

export type Landscape =
  | { readonly kind: "heat"; readonly map: HeatMap; readonly table: ChartTable }
  | { readonly kind: "parallel"; readonly chart: ParallelChart; readonly table: ChartTable };

type Measured = Trial & { readonly params: Params; readonly metrics: { readonly accuracy: number } };

function isMeasured(trial: Trial): trial is Measured {
  return trial.params !== null && typeof trial.metrics?.accuracy === "number";
}

/** The properties that really differ between trials, in the configuration's order. */
export function listDiffering(search: Pick<Search, "configuration">, trials: readonly Trial[]): string[] {
  const varied = listVaried(search.configuration);
  const named = [...new Set([...varied, ...trials.flatMap(({ params }) => Object.keys(params ?? {}))])];
  // What only some networks take does not differ by that alone.
  const differs = (name: string) => new Set(trials.flatMap(({ params }) => params?.[name] ?? [])).size > 1;
  return named.filter((name) => varied.includes(name) || differs(name));
}

/**
 * Show accuracy over what was tried: two properties with few values as a map, anything else as lines.
 *
 * @returns undefined where no trial has been measured, or nothing differs.
 */
export function drawLandscape(
  search: Pick<Search, "configuration">,
  trials: readonly Trial[],
): Landscape | undefined {
  const names = listDiffering(search, trials);
  const measured = trials.filter(isMeasured);
  if (measured.length === 0 || names.length === 0) return undefined;
  const table = tabulate(names, measured);
  const [down, across, ...others] = names;
  if (down === undefined || across === undefined || others.length > 0) {
    return { kind: "parallel", chart: makeParallel(names, measured), table };
  }
  const map = makeHeat(down, across, trials, measured);
  const isSmall = Math.max(map.rows.length, map.columns.length) <= MOST_CELLS_A_SIDE;
  if (isSmall && isFull(map, trials.length)) return { kind: "heat", map, table };
  return { kind: "parallel", chart: makeParallel(names, measured), table };
}

/** Whether it is a map, and not some points in the void. Trials to come count, so that it stays what it is. */
function isFull({ rows, columns }: HeatMap, numTrials: number): boolean {
  return numTrials * 2 >= rows.length * columns.length;
}

function makeHeat(
  down: string,
  across: string,
  trials: readonly Trial[],
  measured: readonly Measured[],
): HeatMap {
  const rows = valuesOf(trials, down);
  const columns = valuesOf(trials, across);
  const best = (row: Value, column: Value) => {
    const here = measured.filter(({ params }) => params[down] === row && params[across] === column);
    return here.length === 0 ? null : Math.max(...here.map(({ metrics }) => metrics.accuracy));
  };
  return {
    rows: rows.map(String),
    columns: columns.map(String),
    values: rows.map((row) => columns.map((column) => best(row, column))),
    rowLabel: down,
    columnLabel: across,
    format: sayShare,
  };
}

function valuesOf(trials: readonly Trial[], name: string): Value[] {
  const values = [...new Set(trials.flatMap(({ params }) => params?.[name] ?? []))];
  return values.sort((one, other) =>
    typeof one === "number" && typeof other === "number"
      ? one - other
      : String(one).localeCompare(String(other)),
  );
}

function makeParallel(names: readonly string[], measured: readonly Measured[]): ParallelChart {
  return {
    axes: [
      ...names.map((name) => ({ name, values: measured.map(({ params }) => params[name] ?? null) })),
      { name: "accuracy", values: measured.map(({ metrics }) => metrics.accuracy) },
    ],
    lines: measured.map(({ trial, params, metrics }) => ({
      id: `trial ${trial}`,
      values: [...names.map((name) => params[name] ?? null), metrics.accuracy],
      score: metrics.accuracy,
    })),
    format: sayShare,
  };
}

function tabulate(names: readonly string[], measured: readonly Measured[]): ChartTable {
  return {
    columns: ["trial", ...names, "accuracy"],
    rows: measured.map(({ trial, params, metrics }) => [
      trial,
      ...names.map((name) => params[name] ?? null),
      metrics.accuracy,
    ]),
  };
}

/** How much each property matters, the most first. @returns undefined where that is not known. */
export function chartImportances({
  importances,
}: Pick<Search, "importances">): { readonly chart: Bars; readonly table: ChartTable } | undefined {
  if (importances === null || importances === undefined) return undefined;
  const sorted = Object.entries(importances).sort(([, one], [, other]) => other - one);
  if (sorted.length === 0) return undefined;
  const bars = sorted.map(([name, value]) => ({ name, value }));
  return {
    chart: { bars, yLabel: "importance", yRange: [0, 1], isLying: true, format: sayShare },
    table: { columns: ["property", "importance"], rows: sorted },
  };
}

/** Accuracy trial by trial, and the best so far. @returns undefined where none has been measured. */
export function chartCourse(
  trials: readonly Trial[],
): { readonly chart: LineChart; readonly table: ChartTable } | undefined {
  const measured = trials.filter(isMeasured);
  if (measured.length === 0) return undefined;
  let best = 0;
  const rows = measured.map(({ trial, metrics }) => {
    best = Math.max(best, metrics.accuracy);
    return [trial, metrics.accuracy, best] as const;
  });
  const series = [
    { name: "trial", points: rows.map(([trial, accuracy]) => [trial, accuracy] as const) },
    { name: "best so far", points: rows.map(([trial, , most]) => [trial, most] as const) },
  ];
  return {
    chart: { series, xLabel: "trial", yLabel: "accuracy", format: sayShare },
    table: { columns: ["trial", "accuracy", "best so far"], rows },
  };
}
