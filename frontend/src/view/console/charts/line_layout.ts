/** Where everything of a line chart lies. */
import {
  makeLogScale,
  makeSpanScale,
  makeTimeScale,
  makeValueScale,
  type Range,
  type Scale,
  shareOf,
} from "./scale.ts";
import { sayMomentAt, sayValue } from "./ticks.ts";

export interface Series {
  readonly name: string;
  /** x ascending; a value of null is a gap. */
  readonly points: readonly (readonly [number, number | null])[];
  /** Which colour it has; by default its place among the series. */
  readonly colour?: number;
  /** Pale and behind the others; neither told nor in the legend. */
  readonly isFaint?: boolean;
  /** x, and between which values it may well be: an area. */
  readonly band?: readonly (readonly [number, number, number])[];
}

export interface LineChart {
  readonly series: readonly Series[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** Equal factors equally far apart; values of 0 and less are left out. */
  readonly logY?: boolean;
  readonly yRange?: Range;
  readonly xRange?: Range;
  /** x is milliseconds since 1970. */
  readonly isTime?: boolean;
  /** Whether the line from corner to corner, chance or honesty, is drawn. */
  readonly hasDiagonal?: boolean;
  /** What happened where on the x axis: upright lines. */
  readonly marks?: readonly { readonly x: number; readonly name: string }[];
  /** How a value is told. */
  readonly format?: (value: number) => string;
}

export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface LineLayout {
  readonly width: number;
  readonly height: number;
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  /** A path and the points to mark, each series. */
  readonly lines: readonly {
    readonly path: string;
    readonly dots: readonly Range[];
    readonly band: string;
  }[];
  /** Where the marks are. */
  readonly marks: readonly number[];
  /** Where values can be told, ascending, in the axis's units. */
  readonly stops: readonly number[];
}

/** Pixels a character of an axis's numbers takes, at 11 px. */
const CHARACTER_PX = 6.4;
/** Room for a number and for a moment. */
const PX_A_TICK = 46;
const PX_A_MOMENT = 76;
/** Few points are marked; many are a line. */
const MAX_DOTS = 12;

/**
 * Lay a chart out.
 *
 * @param width in pixels.
 * @param offsetMs what local time is ahead of UTC by.
 */
export function layOutLines(chart: LineChart, width: number, offsetMs: number): LineLayout {
  const height = Math.round(Math.min(280, Math.max(200, width * 0.62)));
  const shown = chart.series.map(({ points }) => points.filter(([, value]) => isShown(chart, value)));
  const bands = chart.series.flatMap(({ band = [] }) => band.flatMap(([, low, high]) => [low, high]));
  const values = [...shown.flat().map(([, value]) => value as number), ...bands];
  const y = chart.logY ? makeLogScale(values, chart.yRange) : makeValueScale(values, chart.yRange, 5);
  const widest = Math.max(...y.ticks.map(({ words }) => words.length), 1);
  const plot = {
    left: Math.round(widest * CHARACTER_PX) + 28,
    right: width - 14,
    top: 10,
    bottom: height - 38,
  };
  const xs = chart.series.flatMap(({ points }) => points.map(([at]) => at));
  const room = chart.isTime ? PX_A_MOMENT : PX_A_TICK;
  const numTicks = Math.max(2, Math.min(10, Math.floor((plot.right - plot.left) / room)));
  const x = chart.isTime
    ? makeTimeScale(xs, chart.xRange, numTicks, offsetMs)
    : makeSpanScale(xs, chart.xRange, numTicks);
  const place = ([at, value]: Range): Range => [placeX(plot, x, at), placeY(plot, y, value)];
  const lines = chart.series.map(({ points, band = [] }) => ({
    ...trace(points, (value) => isShown(chart, value), place),
    band: traceBand(band, place),
  }));
  const marks = (chart.marks ?? []).map((mark) => mark.x).filter((at) => at >= x.low && at <= x.high);
  const told = chart.series.flatMap(({ isFaint }, index) => (isFaint ? [] : (shown[index] ?? [])));
  const stops = [...new Set([...told.map(([at]) => at), ...marks])].sort((one, other) => one - other);
  return { width, height, plot, x, y, lines, stops, marks: marks.map((at) => placeX(plot, x, at)) };
}

function isShown({ logY = false }: LineChart, value: number | null): value is number {
  return value !== null && Number.isFinite(value) && (!logY || value > 0);
}

export function placeX({ left, right }: Plot, scale: Scale, value: number): number {
  return round(left + shareOf(scale, value) * (right - left));
}

export function placeY({ top, bottom }: Plot, scale: Scale, value: number): number {
  return round(bottom - shareOf(scale, value) * (bottom - top));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function trace(
  points: Series["points"],
  isKnown: (value: number | null) => value is number,
  place: (point: Range) => Range,
): { readonly path: string; readonly dots: readonly Range[] } {
  const runs: Range[][] = [[]];
  for (const [at, value] of points) {
    if (isKnown(value)) runs.at(-1)?.push(place([at, value]));
    else if (runs.at(-1)?.length) runs.push([]);
  }
  const known = runs.filter((run) => run.length > 0);
  const all = known.flat();
  // A point alone is no line: it is seen only as a dot.
  const dots = all.length <= MAX_DOTS ? all : known.filter((run) => run.length === 1).flat();
  return { path: known.map(tracePath).join(""), dots };
}

/** There along the upper values, back along the lower ones. */
function traceBand(band: NonNullable<Series["band"]>, place: (point: Range) => Range): string {
  if (band.length < 2) return "";
  const upper = band.map(([at, , high]) => place([at, high]));
  const lower = band.map(([at, low]) => place([at, low])).reverse();
  return `${tracePath([...upper, ...lower])}Z`;
}

function tracePath(points: readonly Range[]): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
}

export interface LineTelling {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly value: string; readonly series?: number }[];
  /** The values that are told, in the axes' units. */
  readonly points: readonly Range[];
}

/** What the chart says at a place: each series' value there, or next to it. */
export function tellLines(chart: LineChart, at: number, offsetMs: number): LineTelling {
  const { format = sayValue } = chart;
  const found = chart.series.flatMap(({ name, points, colour, isFaint }, index) => {
    if (isFaint) return [];
    const series = colour ?? index;
    const point = findNearest(
      points.filter(([, value]) => isShown(chart, value)),
      at,
    );
    return point ? [{ name, series, point }] : [];
  });
  return {
    title: chart.isTime ? sayMomentAt(at, offsetMs) : `${chart.xLabel} ${sayValue(at)}`,
    rows: [
      ...found.map(({ name, series, point }) => ({ name, series, value: format(point[1]) })),
      ...(chart.marks ?? []).filter(({ x }) => x === at).map(({ name }) => ({ name, value: "" })),
    ],
    points: found.map(({ point }) => point),
  };
}

/** @returns undefined where the series has not begun, or has ended. */
function findNearest(points: Series["points"], at: number): Range | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || at < first[0] || at > last[0]) return undefined;
  let best = first;
  for (const point of points) if (Math.abs(point[0] - at) < Math.abs(best[0] - at)) best = point;
  return best as Range;
}

/** Find the place nearest to a value. @param stops not empty. @returns its index. */
export function findStop(stops: readonly number[], value: number): number {
  let best = 0;
  stops.forEach((stop, index) => {
    if (Math.abs(stop - value) < Math.abs((stops[best] ?? stop) - value)) best = index;
  });
  return best;
}

/** Say what the chart shows, in a sentence. */
export function describeLines({ series, xLabel, yLabel }: LineChart): string {
  if (series.length === 0) return `${yLabel} by ${xLabel}: nothing yet.`;
  const told = series.filter(({ isFaint }) => !isFaint);
  const each = told.map(({ name, points }) => {
    const last = points.filter(([, value]) => value !== null).at(-1);
    return last ? `${name} last ${sayValue(last[1])}` : `${name} without values`;
  });
  return `${yLabel} by ${xLabel}: ${each.join(", ")}.`;
}
