/** The tables and charts of a report, as rows and lines; how they are shown is report.ts's business. */
import type { Average, Epoch, Holdout, Report, Result, WorstMistake } from "../../server/report.ts";
import { type Chart, countAxis, fitAxis, type Line, shareAxis } from "./line_chart.ts";
import { sayNumber, sayShare } from "./words.ts";

/** Names of the columns, and a text for each cell. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const NOTHING = "\u2013";
const PART_NAMES: Readonly<Record<string, string>> = {
  new: "new",
  replay: "older, again",
  recent: "held out, recent",
  base: "held out, base",
};

/** Candidate and live beside each other, on each holdout. */
export function listComparison({ holdouts, compared_with: live }: Report): Rows {
  const figures: readonly (readonly [string, (result: Result) => string])[] = [
    ["accuracy", (result) => sayShare(result.accuracy)],
    ["log-loss", (result) => sayFigure(result.log_loss)],
    ["macro precision", (result) => sayScore(result.macro.precision)],
    ["macro recall", (result) => sayScore(result.macro.recall)],
    ["macro F1", (result) => sayScore(result.macro.f1)],
    ["weighted F1", (result) => sayScore(result.weighted.f1)],
    ["macro ROC area", (result) => sayScore(result.macro.roc_area)],
    ["calibration error", (result) => sayScore(result.calibration_error)],
  ];
  return {
    columns: ["figure", "holdout", "candidate", live === null ? "live" : `live ${live}`],
    rows: holdouts.flatMap((holdout) =>
      figures.map(([name, say]) => [
        name,
        holdout.name,
        say(holdout.candidate),
        holdout.live ? say(holdout.live) : NOTHING,
      ]),
    ),
  };
}

/** Each label's scores, then the averages. */
export function listLabels({ labels, macro, weighted }: Result): Rows {
  const averages: readonly (readonly [string, Average])[] = [
    ["macro average", macro],
    ["weighted average", weighted],
  ];
  return {
    columns: ["label", "drawings", "guessed", "precision", "recall", "F1", "ROC area"],
    rows: [
      ...labels.map((each) => [
        each.label,
        sayNumber(each.num_doodles),
        sayNumber(each.num_guessed),
        ...sayScores(each),
      ]),
      ...averages.map(([name, average]) => [name, "", "", ...sayScores(average)]),
    ],
  };
}

function sayScores({ precision, recall, f1, roc_area: area }: Average): string[] {
  return [precision, recall, f1, area].map(sayScore);
}

export function listParts({ labels, parts }: Report): Rows {
  return {
    columns: ["label", ...parts.map(({ name }) => PART_NAMES[name] ?? name)],
    rows: [
      ...labels.map((label, index) => [label, ...parts.map(({ counts }) => sayNumber(counts[index] ?? 0))]),
      ["all", ...parts.map(({ num_doodles: all }) => sayNumber(all))],
    ],
  };
}

export function listEpochs(epochs: readonly Epoch[]): Rows {
  return {
    columns: ["epoch", "loss", "accuracy", "loss, held back", "accuracy, held back"],
    rows: epochs.map(({ epoch, loss, accuracy, validation_loss, validation_accuracy }) => [
      String(epoch),
      ...[loss, accuracy, validation_loss, validation_accuracy].map(sayFigure),
    ]),
  };
}

export function listCalibration({ calibration }: Result): Rows {
  return {
    columns: ["confidence", "drawings", "mean confidence", "accuracy"],
    rows: calibration.map(({ low, high, num_doodles: number, confidence, accuracy }) => [
      `${low.toFixed(1)} to ${high.toFixed(1)}`,
      sayNumber(number),
      sayFigure(confidence),
      sayFigure(accuracy),
    ]),
  };
}

/** The verdict's statistics. */
export function listStatistics({ verdict }: Report): Rows {
  return {
    columns: ["statistic", "check", "value"],
    rows: (verdict?.checks ?? []).flatMap(({ name, numbers }) =>
      Object.entries(numbers).map(([number, value]) => [number.replaceAll("_", " "), name, sayValue(value)]),
    ),
  };
}

export function listModel({ model }: Report): Rows {
  const facts: (readonly [string, unknown])[] = model
    ? [
        ["version", model.version],
        ["network", model.network],
        ...Object.entries(model.arguments),
        ["parameters", sayNumber(model.num_parameters)],
        ["multiply-adds", sayNumber(model.num_multiply_adds)],
        ...model.files.map((file) => [`${file.role}, bytes`, sayNumber(file.size_bytes)] as const),
      ]
    : [];
  return listFacts(facts);
}

export function listFacts(facts: readonly (readonly [string, unknown])[]): Rows {
  return {
    columns: ["what", "value"],
    rows: facts.map(([name, value]) => [name.replaceAll("_", " "), sayValue(value)]),
  };
}

/** Loss and accuracy by epoch. */
export function chartEpochs(epochs: readonly Epoch[]): Chart[] {
  const x = countAxis(
    "epoch",
    epochs.map(({ epoch }) => epoch),
  );
  return (["loss", "accuracy"] as const).map((name) => {
    const lines: Line[] = [
      { name: "training", points: epochs.map((epoch) => [epoch.epoch, epoch[name]]) },
      { name: "held back", points: epochs.map((epoch) => [epoch.epoch, epoch[`validation_${name}`]]) },
    ];
    const values = lines.flatMap(({ points }) =>
      points.flatMap(([, value]) => (value === null ? [] : [value])),
    );
    const y = name === "loss" ? fitAxis(name, values) : shareAxis(name);
    return { title: `${name} by epoch`, x, y, lines, diagonal: false };
  });
}

/** Each label against the rest. */
export function chartRoc({ labels }: Result): Chart {
  return {
    title: "ROC: each label against the rest",
    x: shareAxis("others taken for it"),
    y: shareAxis("its own found"),
    lines: labels.flatMap(({ label, roc }) => (roc ? [{ name: label, points: roc }] : [])),
    diagonal: true,
  };
}

/** Accuracy by confidence. */
export function chartCalibration({ candidate, live }: Holdout): Chart {
  const results: readonly (readonly [string, Result])[] = live
    ? [
        ["candidate", candidate],
        ["live", live],
      ]
    : [["candidate", candidate]];
  return {
    title: "Calibration: accuracy by confidence",
    x: shareAxis("confidence"),
    y: shareAxis("accuracy"),
    lines: results.map(([name, { calibration }]) => ({
      name,
      points: calibration.flatMap(({ confidence, accuracy }): [number, number | null][] =>
        confidence === null ? [] : [[confidence, accuracy]],
      ),
    })),
    diagonal: true,
  };
}

/** A shade for a cell of a confusion matrix: 0 for nothing, 4 for more than three quarters of its row. */
export function shadeOf(count: number, row: readonly number[]): number {
  const total = row.reduce((sum, each) => sum + each, 0);
  return count === 0 ? 0 : 1 + Math.min(3, Math.floor((count * 4) / Math.max(1, total)));
}

export function sayMistake({ label, guess, confidence, live_guess: live }: WorstMistake): string {
  const words = `${label}, taken for ${guess} (${Math.round(confidence * 100)}\u00a0%)`;
  return live === null ? words : `${words}; live: ${live}`;
}

/** Write a score in [0, 1] with three decimals, so that they stand under each other. */
function sayScore(value: number | null): string {
  return value === null ? NOTHING : value.toFixed(3);
}

/** Write a figure with four digits that mean something; what could not be measured is a dash. */
export function sayFigure(value: number | null): string {
  return value === null ? NOTHING : String(Number(value.toPrecision(4)));
}

function sayValue(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? sayNumber(value) : sayFigure(value);
  if (typeof value === "string") return value;
  return value === null ? NOTHING : JSON.stringify(value);
}
