import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Report } from "../../src/server/report.ts";
import { layOutLines } from "../../src/view/console/charts/line_layout.ts";
import { findReportKey, reportAddress } from "../../src/view/console/report_address.ts";
import {
  chartCalibration,
  chartConfusion,
  chartEpochs,
  chartRoc,
  fileNameOf,
} from "../../src/view/console/report_charts.ts";
import {
  listComparison,
  listLabels,
  listModel,
  listParts,
  listStatistics,
  type Rows,
  sayFigure,
  sayMistake,
} from "../../src/view/console/report_rows.ts";

/** A whole report, as training_server writes it. */
const report = JSON.parse(
  readFileSync(new URL("../../../tests/doodle_testing/report.json", import.meta.url), "utf8"),
) as Report;
const [recent, base] = report.holdouts;
if (!recent || !base) throw new Error("the sample has two holdouts");

const EARLY: Report = {
  ...report,
  stage: "read",
  training: null,
  model: null,
  holdouts: [],
  compared_with: null,
  verdict: null,
};

function expectRectangular({ columns, rows }: Rows): void {
  for (const row of rows) expect(row).toHaveLength(columns.length);
}

describe("the address of a report", () => {
  test("leads back to its run", () => {
    expect(findReportKey(reportAddress(report.run))).toBe(report.run);
  });

  test.each(["", "#", "#sign-in=abc", "#report=", "#report=../../models"])("%j asks for none", (hash) => {
    expect(findReportKey(hash)).toBeUndefined();
  });
});

describe("tables", () => {
  test("every row has a cell a column, in an early report, too", () => {
    for (const each of [report, EARLY])
      [listParts(each), listStatistics(each), listModel(each)].forEach(expectRectangular);
    for (const each of [recent, base, { ...recent, live: null }])
      [listComparison(each), listLabels(each)].forEach(expectRectangular);
  });

  test("a label the parent did not know is called new", () => {
    const labels = (each: Report) => listParts(each).rows.map(([label]) => label);

    expect(labels({ ...report, new_labels: ["mouse"] })).toEqual(["cat", "dog", "mouse (new)", "all"]);
    expect(labels(report)).toEqual(["cat", "dog", "mouse", "all"]);
  });

  test("candidate and live stand beside each other, with what has changed", () => {
    const { columns, rows } = listComparison(recent);
    const change = recent.candidate.accuracy - (recent.live?.accuracy ?? 0);

    expect(columns).toEqual(["figure", "candidate", "live", "change"]);
    expect(rows[0]?.slice(0, 3)).toEqual([
      "accuracy",
      recent.candidate.accuracy.toFixed(3),
      recent.live?.accuracy.toFixed(3),
    ]);
    expect(rows[0]?.[3]).toBe(`${change < 0 ? "\u2212" : "+"}${Math.abs(change).toFixed(3)}`);
  });

  test("what stays known stands there, and is a dash in older reports", () => {
    const { kept: _, ...older } = recent.candidate;
    const find = (holdout: typeof recent) =>
      listComparison(holdout).rows.find(([name]) => name === "stays known");

    expect(find(recent)?.slice(0, 3)).toEqual(["stays known", "0.947", "0.956"]);
    expect(find({ ...recent, candidate: older })?.[1]).toBe("\u2013");
  });

  test("what has not changed has no sign", () => {
    const same = listComparison({ ...recent, live: recent.candidate });

    expect(same.rows.map((row) => row[3])).toEqual(same.rows.map(() => "0.000"));
  });

  test("before the verdict there is no live version to show", () => {
    const { rows } = listComparison({ ...recent, live: null });

    expect(rows.flatMap((row) => row.slice(2))).toEqual(rows.flatMap(() => ["\u2013", "\u2013"]));
  });

  test("what cannot be measured is a dash, never a zero", () => {
    const mouse = listLabels(recent).rows.find(([label]) => label === "mouse");

    expect(mouse?.[1]).toBe("0");
    expect([mouse?.[4], mouse?.[6]]).toEqual(["\u2013", "\u2013"]);
  });

  test("the verdict's statistics are all there", () => {
    const numbers = report.verdict?.checks.flatMap((check) => Object.keys(check.numbers)) ?? [];

    expect(listStatistics(report).rows).toHaveLength(numbers.length);
  });
});

describe("charts", () => {
  test("an ROC curve is drawn for each label that has one", () => {
    expect(chartRoc(recent.candidate).chart.series.map(({ name }) => name)).toEqual(["cat", "dog"]);
  });

  test("calibration shows both versions, without empty stretches", () => {
    const { chart, table } = chartCalibration(recent);

    expect(chart.series.map(({ name }) => name)).toEqual(["candidate", "live"]);
    const filled = recent.candidate.calibration.filter((bin) => bin.num_doodles > 0);
    expect(chart.series[0]?.points).toHaveLength(filled.length);
    expect(table.rows).toHaveLength(2 * recent.candidate.calibration.length);
  });

  test("a training that diverged has a chart: what is no number is left out", () => {
    const nothing = { loss: null, accuracy: null, validation_loss: null, validation_accuracy: null };

    const [loss] = chartEpochs([{ epoch: 1, ...nothing }]);

    expect(loss && layOutLines(loss.chart, 400, 0).lines.map(({ path }) => path)).toEqual(["", ""]);
  });

  test("a confusion's row is its label, as a picture and as a table", () => {
    const [found] = chartConfusion("Confusion", report, recent.candidate);

    expect(found?.map.values).toEqual(recent.candidate.confusion);
    expect(found?.table.rows[0]).toEqual(["cat", ...(recent.candidate.confusion?.[0] ?? [])]);
    expect(chartConfusion("Confusion", report, { ...recent.candidate, confusion: null })).toEqual([]);
  });

  test("every table has a cell a column", () => {
    const tables = [
      ...chartEpochs(report.training?.epochs ?? []),
      chartRoc(recent.candidate),
      chartCalibration(recent),
      ...chartConfusion("", report, recent.candidate),
    ];
    for (const { table } of tables)
      for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
  });

  test("a file is named after run, holdout and chart", () => {
    const run = "6f0c6f0c-0000-4000-8000-000000000000";

    expect(fileNameOf({ ...report, run }, "recent", "ROC: each label")).toBe(
      "report-6f0c6f0c-recent-roc-each-label",
    );
  });
});

test("a mistake says what both versions took it for", () => {
  const mistake = { label: "cat", bitmap: "", guess: "dog", confidence: 0.934, label_confidence: 0.05 };

  expect(sayMistake({ ...mistake, live_guess: null })).toEqual(["taken for dog (93\u00a0%)"]);
  expect(sayMistake({ ...mistake, live_guess: "cat" })).toEqual(["taken for dog (93\u00a0%)", "live: cat"]);
});

test("figures have four digits that mean something", () => {
  expect([0.123456, 1, 0.00001234, null].map(sayFigure)).toEqual(["0.1235", "1", "0.00001234", "\u2013"]);
});
