/** The tables of a report, as rows; how they are shown is report.ts's business. */
import type { Average, Holdout, Report, Result, WorstMistake } from "../../server/report.ts";
import { sayPercent } from "../percent.ts";
import { sayNumber } from "./words.ts";

/** Names of the columns, and a text for each cell. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const NOTHING = "\u2013";
const PART_NAMES: Readonly<Record<string, string>> = {
  new: "new",
  replay: "older, again",
  base_training: "base, trained on",
  recent: "held out, recent",
  base: "held out, base",
};

const FIGURES: readonly (readonly [string, (result: Result) => number | null])[] = [
  ["accuracy", (result) => result.accuracy],
  ["log-loss", (result) => result.log_loss],
  ["macro precision", (result) => result.macro.precision],
  ["macro recall", (result) => result.macro.recall],
  ["macro F1", (result) => result.macro.f1],
  ["weighted precision", (result) => result.weighted.precision],
  ["weighted F1", (result) => result.weighted.f1],
  ["macro ROC area", (result) => result.macro.roc_area],
  ["calibration error", (result) => result.calibration_error],
  ["stays known", (result) => result.kept ?? null],
];

/** Candidate and live beside each other on one holdout, and by how much they differ. */
export function listComparison({ candidate, live }: Holdout): Rows {
  return {
    columns: ["figure", "candidate", "live", "change"],
    rows: FIGURES.map(([name, read]) => {
      const [ours, theirs] = [read(candidate), live ? read(live) : null];
      return [name, sayScore(ours), sayScore(theirs), sayChange(ours, theirs)];
    }),
  };
}

/** Write a difference with its sign. */
function sayChange(ours: number | null, theirs: number | null): string {
  if (ours === null || theirs === null) return NOTHING;
  const change = (ours - theirs).toFixed(3);
  if (Number(change) === 0) return "0.000";
  return change.startsWith("-") ? `\u2212${change.slice(1)}` : `+${change}`;
}

/** Each label's scores, then the averages; what the live version comes to stands last. */
export function listLabels({ candidate, live }: Holdout): Rows {
  const averages = [
    ["macro average", candidate.macro, live?.macro],
    ["weighted average", candidate.weighted, live?.weighted],
  ] as const;
  return {
    columns: [
      "label",
      "drawings",
      "guessed",
      "precision",
      "recall",
      "F1",
      "ROC area",
      "live recall",
      "live F1",
    ],
    rows: [
      ...candidate.labels.map((each, index) => [
        each.label,
        sayNumber(each.num_doodles),
        sayNumber(each.num_guessed),
        ...sayScores(each, live?.labels[index]),
      ]),
      ...averages.map(([name, average, theirs]) => [name, "", "", ...sayScores(average, theirs)]),
    ],
  };
}

function sayScores({ precision, recall, f1, roc_area: area }: Average, live: Average | undefined): string[] {
  return [precision, recall, f1, area, live?.recall ?? null, live?.f1 ?? null].map(sayScore);
}

export function listParts({ labels, new_labels = [], parts }: Report): Rows {
  const say = (label: string) => (new_labels.includes(label) ? `${label} (new)` : label);
  return {
    columns: ["label", ...parts.map(({ name }) => PART_NAMES[name] ?? name)],
    rows: [
      ...labels.map((label, index) => [
        say(label),
        ...parts.map(({ counts }) => sayNumber(counts[index] ?? 0)),
      ]),
      ["all", ...parts.map(({ num_doodles: all }) => sayNumber(all))],
    ],
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

/** What both versions take a drawing for; the live one's guess is left out while there is none. */
export function sayMistake({ guess, confidence, live_guess: live }: WorstMistake): string[] {
  const words = `taken for ${guess} (${sayPercent(confidence)})`;
  return live === null ? [words] : [words, `live: ${live}`];
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
