/** The charts of drift: each measure over time against its thresholds, and both samples side by side. */
import type { Check, CheckSummary, Counts, Histogram, Measure } from "../../../server/drift.ts";
import { make } from "../../element.ts";
import { drawBars } from "../charts/bar_chart.ts";
import { type Figure, makeFigure } from "../charts/figure.ts";
import { drawLines } from "../charts/line_chart.ts";
import { sayShare } from "../words.ts";
import {
  markChanges,
  nameClasses,
  sayValue,
  shareOut,
  tabulateCounts,
  tabulateMeasure,
  traceMeasure,
} from "./drift_words.ts";

const NO_VERSION = "No version could look at the drawings when they were checked last.";

export class DriftCharts {
  readonly element: HTMLElement;
  private readonly labels = makeFigure("Labels, now and before", "drift-labels");
  private readonly confidence = makeFigure("Confidence, now and before", "drift-confidence");
  private readonly ink = makeFigure("Ink, now and before", "drift-ink");
  private readonly over = make("div", { class: "charts" });
  private readonly thresholds = make("p", { class: "detail" });
  private readonly traces = new Map<string, Figure>();

  constructor() {
    const samples = make("div", { class: "charts" }, [
      this.labels.element,
      this.confidence.element,
      this.ink.element,
    ]);
    this.element = make("div", { class: "drift-charts" }, [
      make("section", { class: "panel" }, [make("h2", { text: "Now and before" }), samples]),
      make("section", { class: "panel" }, [make("h2", { text: "Over time" }), this.thresholds, this.over]),
    ]);
  }

  /** @param history newest first. */
  show(check: Check, history: readonly CheckSummary[], thresholds: string): void {
    const { labels, confidence, ink } = check;
    showCounts(this.labels, "label", labels.names, labels);
    if (confidence) showShares(this.confidence, "confidence, %", confidence);
    else this.confidence.showEmpty(NO_VERSION);
    showShares(this.ink, "ink, % of the paper", ink);
    this.thresholds.textContent = thresholds;
    for (const measure of check.measures) this.showTrace(measure, history);
  }

  private showTrace(measure: Measure, history: readonly CheckSummary[]): void {
    let figure = this.traces.get(measure.name);
    if (figure === undefined) {
      figure = makeFigure(measure.title, `drift-${measure.name}-over-time`);
      this.traces.set(measure.name, figure);
      this.over.append(figure.element);
    }
    figure.show(drawTrace(measure, history), tabulateMeasure(history, measure));
  }
}

function drawTrace(measure: Measure, history: readonly CheckSummary[]): HTMLElement {
  const points = traceMeasure(history, measure.name);
  const level = (height: number) => points.map(([moment]) => [moment, height] as const);
  return drawLines({
    series: [
      { name: measure.name, points },
      { name: "worth a look", points: level(measure.watch), colour: 5 },
      { name: "alarm", points: level(measure.alert), colour: 1 },
    ],
    xLabel: "checked",
    yLabel: measure.name === "embedding" ? "discrepancy" : "index",
    isTime: true,
    format: sayValue,
    marks: markChanges(history),
  });
}

function showShares(figure: Figure, kind: string, histogram: Histogram): void {
  showCounts(figure, kind, nameClasses(histogram, sayPercent), histogram);
}

function showCounts(figure: Figure, kind: string, names: readonly string[], counts: Counts): void {
  const shares = shareOut(counts);
  const series = [
    { name: "now", values: shares.now },
    { name: "before", values: shares.before },
  ];
  const chart = drawBars({
    groups: names,
    series,
    xLabel: kind,
    yLabel: "share of the drawings",
    format: sayShare,
  });
  figure.show(chart, tabulateCounts(kind, names, counts));
}

/** Edges of classes are told in whole hundredths. */
function sayPercent(share: number): string {
  return `${Math.round(share * 100)}`;
}
