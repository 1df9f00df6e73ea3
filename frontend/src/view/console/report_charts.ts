/** The charts of a report, each with its table. */
import type { Epoch, Holdout, Report, Result } from "../../server/report.ts";
import type { ChartTable } from "./charts/chart_table.ts";
import type { HeatMap } from "./charts/heat_map.ts";
import type { LineChart, Series } from "./charts/line_chart.ts";

/** A chart's title is also what its file is called. */
interface Titled {
  readonly title: string;
  readonly table: ChartTable;
}

export interface TitledLines extends Titled {
  readonly chart: LineChart;
}

export interface TitledMap extends Titled {
  readonly map: HeatMap;
}

const SHARES = [0, 1] as const;
/** Both axes are shares; the line from corner to corner is chance, or honesty. */
const SQUARE = { xRange: SHARES, yRange: SHARES, hasDiagonal: true };

/** Loss and accuracy by epoch. */
export function chartEpochs(epochs: readonly Epoch[]): TitledLines[] {
  return (["loss", "accuracy"] as const).map((name) => {
    const series: Series[] = [
      { name: "training", points: epochs.map((epoch) => [epoch.epoch, epoch[name]]) },
      { name: "held back", points: epochs.map((epoch) => [epoch.epoch, epoch[`validation_${name}`]]) },
    ];
    const range = name === "accuracy" ? { yRange: SHARES } : {};
    return {
      title: `${name} by epoch`,
      chart: { series, xLabel: "epoch", yLabel: name, ...range },
      table: {
        columns: ["epoch", "training", "held back"],
        rows: epochs.map((epoch) => [epoch.epoch, epoch[name], epoch[`validation_${name}`]]),
      },
    };
  });
}

/** Each label against the rest. */
export function chartRoc({ labels }: Result): TitledLines {
  const series = labels.flatMap(({ label, roc }) => (roc ? [{ name: label, points: roc }] : []));
  return {
    title: "ROC: each label against the rest",
    chart: { series, xLabel: "others taken for it", yLabel: "its own found", ...SQUARE },
    table: {
      columns: ["label", "others taken for it", "its own found"],
      rows: series.flatMap(({ name, points }) => points.map(([others, own]) => [name, others, own])),
    },
  };
}

/** Accuracy by confidence. */
export function chartCalibration({ candidate, live }: Holdout): TitledLines {
  const results: readonly (readonly [string, Result])[] = live
    ? [
        ["candidate", candidate],
        ["live", live],
      ]
    : [["candidate", candidate]];
  const series = results.map(([name, { calibration }]) => ({
    name,
    points: calibration.flatMap(({ confidence, accuracy }): [number, number | null][] =>
      confidence === null ? [] : [[confidence, accuracy]],
    ),
  }));
  return {
    title: "Calibration: accuracy by confidence",
    chart: { series, xLabel: "confidence", yLabel: "accuracy", ...SQUARE },
    table: {
      columns: ["version", "confidence from", "to", "drawings", "mean confidence", "accuracy"],
      rows: results.flatMap(([name, { calibration }]) =>
        calibration.map(({ low, high, num_doodles: number, confidence, accuracy }) => [
          name,
          low,
          high,
          number,
          confidence,
          accuracy,
        ]),
      ),
    },
  };
}

/** What was taken for what. @returns none where nobody counted. */
export function chartConfusion(title: string, { labels }: Report, { confusion }: Result): TitledMap[] {
  if (!confusion) return [];
  const map: HeatMap = {
    rows: labels,
    columns: labels,
    values: confusion,
    rowLabel: "label",
    columnLabel: "guess",
    format: String,
    shadeBy: "row",
  };
  const rows = confusion.map((row, index) => [labels[index] ?? "", ...row]);
  return [
    { title, map, table: { columns: ["label", ...labels.map((label) => `taken for ${label}`)], rows } },
  ];
}

/** Name a chart's file: a-z, 0-9 and dashes. */
export function fileNameOf(report: Report, part: string, title: string): string {
  const words = ["report", report.run.slice(0, 8), part, title].join(" ").toLowerCase();
  return words.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}
