/** A run's report: verdict, candidate beside live, curves, confusions, worst mistakes, drawings, cost. */
import type { Holdout, Picture, Report, Result } from "../../server/report.ts";
import { make } from "../element.ts";
import { type Chart, drawChart } from "./line_chart.ts";
import {
  chartCalibration,
  chartEpochs,
  chartRoc,
  listCalibration,
  listComparison,
  listEpochs,
  listFacts,
  listLabels,
  listModel,
  listParts,
  listStatistics,
  type Rows,
  sayFigure,
  sayMistake,
  shadeOf,
} from "./report_rows.ts";
import { sayNumber, sayShare } from "./words.ts";

/** Show a report in place of what was there. */
export function showReport(body: HTMLElement, report: Report): void {
  body.replaceChildren(
    makeVerdict(report),
    ...(report.holdouts.length > 0
      ? [makePanel("Candidate and live", makeTable(listComparison(report)))]
      : []),
    ...(report.training ? [makeTraining(report.training)] : []),
    ...report.holdouts.map((holdout) => makeHoldout(report, holdout)),
    makeDrawings(report),
    ...makeModel(report),
  );
}

function makePanel(title: string, ...content: readonly Node[]): HTMLElement {
  return make("section", { class: "panel" }, [make("h2", { text: title }), ...content]);
}

function makeVerdict(report: Report): HTMLElement {
  const { verdict, stage } = report;
  if (!verdict)
    return makePanel(
      "Verdict",
      make("p", { text: `None; the run had come as far as \u201c${stage}\u201d.` }),
    );
  const checks = verdict.checks.map(({ passed, words }) =>
    make("li", { text: `${passed ? "\u2713" : "\u2717"} ${words}` }),
  );
  return makePanel(
    "Verdict",
    make("p", { text: verdict.summary }),
    make("ul", {}, checks),
    ...(checks.length > 0 ? [makeFolded("Its statistics", makeTable(listStatistics(report)))] : []),
  );
}

function makeTraining(training: NonNullable<Report["training"]>): HTMLElement {
  const {
    epochs,
    num_steps: steps,
    seconds_per_step: pace,
    best_epoch: best,
    parent_version: parent,
  } = training;
  const each = pace === null ? "" : `, ${sayFigure(pace * 1000)} ms each`;
  const words = `${sayNumber(steps)} steps${each}; the weights of epoch ${best} were kept. Parent: ${parent ?? "none"}.`;
  return makePanel(
    "Learning",
    make("p", { text: words }),
    makeCharts(chartEpochs(epochs)),
    makeFolded("As a table", makeTable(listEpochs(epochs))),
    makeFolded("Parameters of training", makeTable(listFacts(Object.entries(training.plan)))),
  );
}

function makeHoldout(report: Report, holdout: Holdout): HTMLElement {
  const { name, candidate, live, num_doodles: number, commonest_share: commonest, mistakes } = holdout;
  const words = `${sayNumber(number)} drawings; always guessing the commonest label is right on ${sayShare(commonest)}.`;
  return makePanel(
    `Held-out drawings: ${name}`,
    make("p", { text: words }),
    makeTable(listLabels(candidate)),
    makeCharts([chartRoc(candidate), chartCalibration(holdout)]),
    makeFolded("Calibration as a table", makeTable(listCalibration(candidate))),
    ...makeConfusion("Confusion of the candidate", report, candidate),
    ...(live ? makeConfusion("Confusion of the live version", report, live) : []),
    ...makePictures("Worst mistakes", report, mistakes, (index) => {
      const mistake = mistakes[index];
      return mistake ? sayMistake(mistake) : "";
    }),
  );
}

function makeConfusion(title: string, { labels }: Report, { confusion }: Result): HTMLElement[] {
  if (!confusion) return [];
  const head = labels.map((label) => make("th", { text: label, attributes: { scope: "col" } }));
  const rows = confusion.map((row, index) =>
    make("tr", {}, [
      make("th", { text: labels[index] ?? "", attributes: { scope: "row" } }),
      ...row.map((count) => make("td", { class: `heat-${shadeOf(count, row)}`, text: String(count) })),
    ]),
  );
  const table = make("table", { class: "plain" }, [
    make("caption", { text: "A row a label, a column a guess" }),
    make("tbody", {}, [make("tr", {}, [make("td"), ...head]), ...rows]),
  ]);
  return [makeFolded(title, make("div", { class: "scroll" }, [table]))];
}

function makeDrawings(report: Report): HTMLElement {
  const pictures = makePictures("Some of the new ones", report, report.samples, (index) => {
    return report.samples[index]?.label ?? "";
  });
  return makePanel("Drawings", makeTable(listParts(report)), ...pictures);
}

function makeModel(report: Report): HTMLElement[] {
  const seconds = Object.entries(report.stage_seconds);
  if (!report.model && seconds.length === 0) return [];
  const table = makeTable(listModel(report));
  return [makePanel("Model", table, makeFolded("Seconds by stage", makeTable(listFacts(seconds))))];
}

function makeTable({ columns, rows }: Rows): HTMLElement {
  const head = columns.map((name) => make("th", { text: name, attributes: { scope: "col" } }));
  const lines = rows.map((row) =>
    make(
      "tr",
      {},
      row.map((text) => make("td", { text })),
    ),
  );
  const table = make("table", { class: "plain" }, [
    make("thead", {}, [make("tr", {}, head)]),
    make("tbody", {}, lines),
  ]);
  return make("div", { class: "scroll" }, [table]);
}

function makeFolded(title: string, content: Node): HTMLElement {
  return make("details", {}, [make("summary", { text: title }), content]);
}

function makeCharts(charts: readonly Chart[]): HTMLElement {
  return make("div", { class: "charts" }, charts.map(drawChart));
}

function makePictures(
  title: string,
  { height, width }: Report,
  pictures: readonly Picture[],
  say: (index: number) => string,
): HTMLElement[] {
  if (pictures.length === 0) return [];
  const items = pictures.map(({ bitmap }, index) =>
    make("li", {}, [
      make("figure", {}, [paint(bitmap, height, width), make("figcaption", { text: say(index) })]),
    ]),
  );
  return [make("h3", { text: title }), make("ul", { class: "pictures" }, items)];
}

/** Paint a bitmap: black ink, as dark as its value, on paper that shows through. */
function paint(bitmap: string, height: number, width: number): HTMLCanvasElement {
  const canvas = make("canvas", { attributes: { "aria-hidden": "true" } });
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (const [index, character] of Array.from(atob(bitmap)).entries())
    image.data[index * 4 + 3] = character.charCodeAt(0);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}
