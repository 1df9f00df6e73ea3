/** A run's report: verdict, candidate beside live, curves, confusions, worst mistakes, drawings, cost. */
import type { Holdout, Picture, Report, WorstMistake } from "../../server/report.ts";
import { make } from "../element.ts";
import { paintBitmap } from "./bitmap.ts";
import { makeFigure } from "./charts/figure.ts";
import { drawHeatMap } from "./charts/heat_map.ts";
import { drawLines } from "./charts/line_chart.ts";
import {
  chartCalibration,
  chartConfusion,
  chartEpochs,
  chartRoc,
  fileNameOf,
  type TitledLines,
  type TitledMap,
} from "./report_charts.ts";
import {
  listComparison,
  listFacts,
  listLabels,
  listModel,
  listParts,
  listStatistics,
  type Rows,
  sayFigure,
  sayMistake,
} from "./report_rows.ts";
import { EVERYTHING_OPEN, reviewAddress } from "./review_address.ts";
import { sayAmount, sayNumber, sayShare } from "./words.ts";

/** Show a report in place of what was there. */
export function showReport(body: HTMLElement, report: Report): void {
  body.replaceChildren(
    makeVerdict(report),
    ...makeComparison(report),
    ...(report.training ? [makeTraining(report, report.training)] : []),
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
    make("li", { class: passed ? "passed" : "missed" }, [
      make("span", {
        class: "mark",
        text: passed ? "\u2713" : "\u2717",
        title: passed ? "passed" : "missed",
      }),
      make("span", { text: words }),
    ]),
  );
  const badge = make("span", { class: `state ${verdict.outcome}`, text: verdict.outcome });
  return makePanel(
    "Verdict",
    make("p", {}, [badge, ` ${verdict.summary}`]),
    make("ul", { class: "checks" }, checks),
    ...(checks.length > 0 ? [makeFolded("Its statistics", makeTable(listStatistics(report)))] : []),
  );
}

function makeComparison({ holdouts, compared_with: live }: Report): HTMLElement[] {
  if (holdouts.length === 0) return [];
  const words =
    live === null ? "There is no live version to compare with yet." : `The live version is ${live}.`;
  const tables = holdouts.map((holdout) =>
    make("div", {}, [make("h3", { text: sayHoldout(holdout) }), makeTable(listComparison(holdout))]),
  );
  return [
    makePanel("Candidate and live", make("p", { text: words }), make("div", { class: "charts" }, tables)),
  ];
}

function sayHoldout({ name, num_doodles: number }: Holdout): string {
  return `On ${sayAmount(number, `held-out ${name} drawing`)}`;
}

function makeTraining(report: Report, training: NonNullable<Report["training"]>): HTMLElement {
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
    makeCharts(report, "", chartEpochs(epochs)),
    makeFolded("Parameters of training", makeTable(listFacts(Object.entries(training.plan)))),
  );
}

function makeHoldout(report: Report, holdout: Holdout): HTMLElement {
  const { name, candidate, live, num_doodles: number, commonest_share: commonest, mistakes } = holdout;
  const words = `${sayNumber(number)} drawings; always guessing the commonest label is right on ${sayShare(commonest)}.`;
  return makePanel(
    `Held-out drawings: ${name}`,
    make("p", { text: words }),
    makeTable(listLabels(holdout)),
    makeCharts(report, name, [
      chartRoc(candidate),
      chartCalibration(holdout),
      ...chartConfusion("Confusion of the candidate", report, candidate),
      ...(live ? chartConfusion("Confusion of the live version", report, live) : []),
    ]),
    ...makeMistakes(report, mistakes),
  );
}

function makeMistakes(report: Report, mistakes: readonly WorstMistake[]): HTMLElement[] {
  if (mistakes.length === 0) return [];
  const items = mistakes.map((mistake) =>
    makePicture(report, mistake, [
      make("strong", { text: mistake.label }),
      ...sayMistake(mistake).map((words) => make("span", { text: words })),
    ]),
  );
  return [make("h3", { text: "Worst mistakes" }), make("ul", { class: "pictures" }, items)];
}

function makeDrawings(report: Report): HTMLElement {
  return makePanel(
    "Drawings",
    makeTable(listParts(report)),
    ...makeScreening(report),
    ...makeSamples(report),
  );
}

function makeScreening({ screening }: Report): HTMLElement[] {
  if (!screening) return [];
  const review = make("a", {
    text: "Review what was left out",
    attributes: { href: reviewAddress(EVERYTHING_OPEN) },
  });
  return [make("h3", { text: "Left out" }), make("p", {}, [`${screening.words} `, review])];
}

/** A line a label. */
function makeSamples(report: Report): HTMLElement[] {
  const lines = report.labels.flatMap((label) => {
    const samples = report.samples.filter((sample) => sample.label === label);
    if (samples.length === 0) return [];
    const pictures = samples.map((sample) => makePicture(report, sample, []));
    return [
      make("h4", { text: label }),
      make("ul", { class: "sheet", attributes: { "aria-label": label } }, pictures),
    ];
  });
  if (lines.length === 0) return [];
  return [make("h3", { text: "Some of the new ones" }), make("div", { class: "sheets" }, lines)];
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

/** @param part of the report they are in. */
function makeCharts(report: Report, part: string, charts: readonly (TitledLines | TitledMap)[]): HTMLElement {
  const figures = charts.map((each) => {
    const name = part === "" ? each.title : `${each.title}, ${part} drawings`;
    const figure = makeFigure(each.title, fileNameOf(report, part, each.title), name);
    figure.show("map" in each ? drawHeatMap(each.map) : drawLines(each.chart), each.table);
    return figure.element;
  });
  return make("div", { class: "charts" }, figures);
}

function makePicture({ height, width }: Report, { bitmap }: Picture, words: readonly Node[]): HTMLElement {
  const caption = words.length > 0 ? [make("figcaption", {}, words)] : [];
  return make("li", {}, [make("figure", {}, [paintBitmap(bitmap, height, width), ...caption])]);
}
