/** The curves of one run or several, as lines and tables. */
import type { Curve, CurveEpoch, CurvePoint } from "../../../server/runs.ts";
import type { ChartTable } from "../charts/chart_table.ts";
import type { LineChart, Series } from "../charts/line_chart.ts";
import { sayRate } from "./run_words.ts";
import { smooth } from "./smooth.ts";

export interface Traced {
  /** Of the run; it stands in the legend where there are several. */
  readonly name: string;
  readonly curve: Curve;
}

export interface Settings {
  readonly by: "step" | "epoch";
  /** In [0, 1). */
  readonly smoothing: number;
  readonly isLog: boolean;
}

export const USUAL: Settings = { by: "step", smoothing: 0, isLog: false };

export const MEASURES = ["loss", "accuracy", "learning_rate"] as const;
export type Measure = (typeof MEASURES)[number];

/** Of the charts: beyond them the same colours come again, in another pattern. */
const NUM_COLOURS = 8;

const TITLES = { loss: "Loss", accuracy: "Accuracy", learning_rate: "Learning rate" } as const;

export function titleOf(measure: Measure): string {
  return TITLES[measure];
}

export interface CurveChart {
  readonly chart: LineChart;
  readonly table: ChartTable;
}

/** Make the chart of a measure. @returns undefined where no run has a value of it. */
export function chartMeasure(
  runs: readonly Traced[],
  measure: Measure,
  settings: Settings,
): CurveChart | undefined {
  const isByEpoch = settings.by === "epoch" && measure !== "learning_rate";
  const raw = isByEpoch ? runs.flatMap(traceEpochs(runs, measure)) : runs.flatMap(traceSteps(runs, measure));
  if (raw.every(({ points }) => points.length === 0)) return undefined;
  const share = isByEpoch || measure === "learning_rate" ? 0 : settings.smoothing;
  const chart: LineChart = {
    series: share > 0 ? smoothAll(raw, share) : raw,
    xLabel: isByEpoch ? "epoch" : "step",
    yLabel: TITLES[measure].toLowerCase(),
    ...(measure === "accuracy" ? { yRange: [0, 1] as const } : {}),
    ...(measure === "learning_rate" ? { format: sayRate } : {}),
    logY: settings.isLog && measure !== "accuracy",
  };
  return { chart, table: tabulate(chart.xLabel, raw) };
}

type Line = Series & { readonly points: readonly (readonly [number, number])[] };

function traceSteps(runs: readonly Traced[], measure: Measure) {
  return ({ name, curve }: Traced, index: number): Line[] => {
    const points = curve.points.flatMap((point: CurvePoint) => pair(point.step, point[measure]));
    return [{ name: runs.length > 1 ? name : TITLES[measure], points, colour: index }];
  };
}

/** What it learns on, and what was held back. */
function traceEpochs(runs: readonly Traced[], measure: "loss" | "accuracy") {
  return ({ name, curve }: Traced, index: number): Line[] => {
    const trace = (field: "loss" | "accuracy" | "validation_loss" | "validation_accuracy") =>
      curve.epochs.flatMap((epoch: CurveEpoch) => pair(epoch.epoch, epoch[field]));
    const whose = runs.length > 1 ? `${name}, ` : "";
    const heldBack = runs.length > 1 ? index + NUM_COLOURS : 1;
    const lines = [
      { name: `${whose}training`, points: trace(measure), colour: index },
      { name: `${whose}held back`, points: trace(`validation_${measure}`), colour: heldBack },
    ];
    return lines.filter(({ points }) => points.length > 0);
  };
}

function pair(x: number, y: number | null): [number, number][] {
  return y === null ? [] : [[x, y]];
}

/** The smooth lines, and the raw ones faint behind them. */
function smoothAll(raw: readonly Line[], share: number): Series[] {
  return [
    ...raw.map((line) => ({ ...line, isFaint: true })),
    ...raw.map((line) => ({ ...line, points: smooth(line.points, share) })),
  ];
}

/** As it was measured, however smooth it is drawn. */
function tabulate(xLabel: string, raw: readonly Line[]): ChartTable {
  const values = raw.map(({ points }) => new Map(points));
  const xs = [...new Set(raw.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  return {
    columns: [xLabel, ...raw.map(({ name }) => name)],
    rows: xs.map((x) => [x, ...values.map((at) => at.get(x) ?? null)]),
  };
}
