/** What runs' candidates confuse, from their reports: a heat map a run and holdout. */
import type { Holdout, Report } from "../../../server/report.ts";
import type { TrackedRun } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { makeFigure } from "../charts/figure.ts";
import { drawHeatMap } from "../charts/heat_map.ts";
import { nameRuns } from "./differences.ts";

const EMPTY = "None of them has a report with held-out drawings.";

/** Make the figures, all runs of one holdout beside each other. */
export function makeConfusions(
  runs: readonly TrackedRun[],
  reports: ReadonlyMap<string, Report>,
): HTMLElement[] {
  const names = [
    ...new Set([...reports.values()].flatMap(({ holdouts }) => holdouts.map(({ name }) => name))),
  ];
  const groups = names.flatMap((name) => {
    const figures = runs.flatMap((run) => makeOne(run, name, runs, reports.get(run.key)));
    if (figures.length === 0) return [];
    return [make("h3", { text: `On ${name} drawings` }), make("div", { class: "charts" }, figures)];
  });
  return groups.length > 0 ? groups : [make("p", { class: "detail", text: EMPTY })];
}

function makeOne(
  run: TrackedRun,
  holdout: string,
  runs: readonly TrackedRun[],
  report: Report | undefined,
): HTMLElement[] {
  const found = report?.holdouts.find(({ name }) => name === holdout);
  const matrix = found?.candidate.confusion;
  if (report === undefined || found === undefined || !matrix) return [];
  const title = nameRuns(runs).get(run.key) ?? run.key;
  const name = `${title}, ${holdout} drawings`;
  const figure = makeFigure(title, `confusion-${holdout}-${run.key.slice(0, 8)}`, name);
  const map = {
    rows: report.labels,
    columns: report.labels,
    values: matrix,
    rowLabel: "label",
    columnLabel: "guess",
    format: String,
    shadeBy: "row" as const,
  };
  figure.show(drawHeatMap(map), tabulate(report.labels, matrix));
  return [figure.element];
}

function tabulate(labels: readonly string[], matrix: NonNullable<Holdout["candidate"]["confusion"]>) {
  return {
    columns: ["label", ...labels],
    rows: matrix.map((row, index) => [labels[index] ?? "", ...row]),
  };
}
