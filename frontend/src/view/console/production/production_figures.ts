/** The charts of production, each with its table. */
import type { Production, Share } from "../../../server/production.ts";
import { make } from "../../element.ts";
import { type Figure, makeFigure } from "../charts/figure.ts";
import { drawHeatMap } from "../charts/heat_map.ts";
import { drawLines, type LineChart, type Series } from "../charts/line_chart.ts";
import { sayNumber, sayShare } from "../words.ts";
import { drawIntervals } from "./intervals.ts";
import {
  listMoments,
  type Moment,
  tableCalibration,
  tableConfusion,
  tableTallies,
  tableTimes,
} from "./production_tables.ts";
import { sayVersion } from "./production_words.ts";

const NO_DRAWINGS = "No drawing in this time.";
const NO_DRAWINGS_OF_VERSION = "No drawing in this time that this version has guessed.";
const NO_GUESSES = "No guess in this time: the drawings came in before there was a model, or without it.";
const NOBODY_SAYS = "Nobody says yet: the pages that sent these drawings were of an earlier release.";

export class ProductionFigures {
  readonly element: HTMLElement;
  private readonly accuracy = makeFigure("Accuracy over time", "accuracy-over-time");
  private readonly volumes = makeFigure("Drawings over time", "drawings-over-time");
  private readonly unknown = makeFigure("\u201cI don\u2019t know\u201d over time", "unknown-over-time");
  private readonly versions = makeFigure("Accuracy by version", "accuracy-by-version");
  private readonly labels = makeFigure("Accuracy by label", "accuracy-by-label");
  private readonly confusion = makeFigure("What was taken for what", "confusion");
  private readonly calibration = makeFigure("Calibration: accuracy by confidence", "calibration");

  constructor() {
    const rest = [this.volumes, this.unknown, this.labels, this.versions, this.confusion, this.calibration];
    const charts = make(
      "div",
      { class: "charts" },
      rest.map(({ element }) => element),
    );
    this.element = make("div", { class: "production-figures" }, [this.accuracy.element, charts]);
  }

  /** Show what the server said. @param now in milliseconds since 1970. */
  show(found: Production, now: number): void {
    const moments = listMoments(found, now);
    this.showTimes(found, moments);
    this.showTallies(found);
    this.showConfusion(found);
    this.showCalibration(found);
  }

  private showTimes(found: Production, moments: readonly Moment[]): void {
    const table = tableTimes(moments);
    const time = timeAxis(found, moments);
    const shares = { ...time, format: sayShare };
    const numbers = {
      name: "drawings",
      points: moments.map(({ begins, tally }) => at(begins, tally?.num_doodles ?? 0)),
    };
    const { accuracy, unknown } = found.total;
    const right = seriesOf("accuracy", moments, (tally) => tally.accuracy);
    const doubted = seriesOf("share", moments, (tally) => tally.unknown);
    showOr(this.accuracy, accuracy ? "" : sayEmpty(found), () =>
      this.accuracy.show(
        drawLines({ ...shares, yRange: [0, 1], yLabel: "accuracy", series: [right] }),
        table,
      ),
    );
    showOr(this.unknown, unknown ? "" : sayEmpty(found, NOBODY_SAYS), () =>
      this.unknown.show(drawLines({ ...shares, yLabel: "share", series: [doubted] }), table),
    );
    showOr(this.volumes, found.total.num_doodles > 0 ? "" : sayEmpty(found), () =>
      this.volumes.show(
        drawLines({ ...time, yLabel: "drawings", series: [numbers], format: sayNumber }),
        table,
      ),
    );
  }

  private showTallies(found: Production): void {
    const { labels, versions, live } = found;
    const byLabel = labels.map((tally) => [tally.label, tally] as const);
    const byVersion = versions.map((tally) => [sayVersion(tally.version, live), tally] as const);
    showOr(this.labels, found.total.accuracy ? "" : sayEmpty(found), () =>
      this.labels.show(
        drawIntervals(byLabel.map(([name, { accuracy }]) => ({ name, share: accuracy }))),
        tableTallies("label", byLabel),
      ),
    );
    const shown = versions.map(({ version, accuracy }) => ({
      name: sayVersion(version, live),
      share: accuracy,
      isMarked: version !== null && version === live,
    }));
    showOr(this.versions, shown.every(({ share }) => share === null) ? NO_GUESSES : "", () =>
      this.versions.show(
        drawIntervals(shown.filter(({ share }) => share !== null)),
        tableTallies("version", byVersion),
      ),
    );
  }

  private showConfusion(found: Production): void {
    const { confusion } = found;
    const { labels, counts } = confusion;
    const map = { rows: labels, columns: labels, values: counts, rowLabel: "label", columnLabel: "guess" };
    showOr(this.confusion, found.total.accuracy ? "" : sayEmpty(found), () =>
      this.confusion.show(
        drawHeatMap({ ...map, format: sayNumber, shadeBy: "row" }),
        tableConfusion(confusion),
      ),
    );
  }

  private showCalibration(found: Production): void {
    const { calibration } = found;
    const known = calibration.bins.flatMap(({ confidence, accuracy }) =>
      confidence === null || accuracy === null ? [] : [{ confidence, accuracy }],
    );
    const series: Series = {
      name: "accuracy",
      points: known.map(({ confidence, accuracy }) => [confidence, accuracy.value]),
      band: known.map(({ confidence, accuracy: { low, high } }) => [confidence, low, high]),
    };
    const axes = { xLabel: "confidence", yLabel: "accuracy", xRange: [0, 1], yRange: [0, 1] } as const;
    showOr(this.calibration, known.length > 0 ? "" : sayEmpty(found), () =>
      this.calibration.show(
        drawLines({ ...axes, series: [series], hasDiagonal: true, format: sayShare }),
        tableCalibration(calibration),
      ),
    );
  }
}

/** Say why there is nothing to show. @param words where there are drawings. */
function sayEmpty({ total, version }: Production, words = NO_GUESSES): string {
  if (total.num_doodles > 0) return words;
  return version === null ? NO_DRAWINGS : NO_DRAWINGS_OF_VERSION;
}

function showOr(figure: Figure, words: string, show: () => void): void {
  if (words === "") show();
  else figure.showEmpty(words);
}

function at(x: number, y: number | null): [number, number | null] {
  return [x, y];
}

function timeAxis(
  { by, deployments }: Production,
  moments: readonly Moment[],
): Pick<LineChart, "isTime" | "xLabel" | "marks" | "xRange"> {
  const [first, last] = [moments[0]?.begins, moments.at(-1)?.begins];
  return {
    isTime: true,
    xLabel: by === "hour" ? "hour" : "day (UTC)",
    marks: deployments.map(({ created_at: created, version }) => ({
      x: Date.parse(created),
      name: `${version} went live`,
    })),
    ...(first !== undefined && last !== undefined && first < last ? { xRange: [first, last] } : {}),
  };
}

function seriesOf(
  name: string,
  moments: readonly Moment[],
  find: (tally: NonNullable<Moment["tally"]>) => Share | null,
): Series {
  const shares = moments.map(({ begins, tally }) => ({ begins, share: tally ? find(tally) : null }));
  return {
    name,
    points: shares.map(({ begins, share }) => at(begins, share?.value ?? null)),
    band: shares.flatMap(({ begins, share }): [number, number, number][] =>
      share ? [[begins, share.low, share.high]] : [],
    ),
  };
}
