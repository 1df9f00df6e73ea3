/** Where everything of a picture with parallel coordinates lies. */
import { sayTick } from "./ticks.ts";

export type Coordinate = string | number | null;

export interface ParallelAxis {
  readonly name: string;
  /** All that occurs on it; numbers are placed by size, words one above the other. */
  readonly values: readonly Coordinate[];
}

export interface ParallelChart {
  readonly axes: readonly ParallelAxis[];
  readonly lines: readonly {
    readonly id: string;
    /** A value an axis; null: the line leaves it out. */
    readonly values: readonly Coordinate[];
    /** The larger, the better; null: not known yet. */
    readonly score: number | null;
  }[];
  /** How a score is told. */
  readonly format?: (score: number) => string;
}

export interface ParallelLayout {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly bottom: number;
  readonly axes: readonly {
    readonly x: number;
    readonly nameY: number;
    readonly ticks: readonly { readonly y: number; readonly words: string }[];
  }[];
  readonly lines: readonly {
    readonly path: string;
    readonly points: readonly (readonly [number, number])[];
    /** 0: the worst, 4: the best fifth; undefined without a score. */
    readonly rank: number | undefined;
  }[];
  /** Indices of the lines, best first. */
  readonly order: readonly number[];
}

const LEAST_GAP_PX = 76;
const MARGIN_PX = 48;
const MOST_TICKS = 6;
const TICK_SHARES = [0, 0.25, 0.5, 0.75, 1];
/** A range of numbers this wide is read better by factors. */
const LOG_FROM = 20;

/** @param width in pixels; the picture is wider where the axes would be too close. */
export function layOutParallel(chart: ParallelChart, width: number): ParallelLayout {
  const gaps = Math.max(1, chart.axes.length - 1);
  const gap = Math.max(LEAST_GAP_PX, (width - 2 * MARGIN_PX) / gaps);
  const [top, bottom] = [50, 270];
  const places = chart.axes.map(({ values }) => placeValues(values));
  const xOf = (index: number) => Math.round(MARGIN_PX + gap * index);
  const yOf = (index: number, value: Coordinate) => {
    const share = places[index]?.shareOf(value);
    return share === undefined ? undefined : Math.round((bottom - share * (bottom - top)) * 10) / 10;
  };
  const order = rank(chart.lines.map(({ score }) => score));
  return {
    width: Math.max(width, 2 * MARGIN_PX + gap * gaps),
    height: bottom + 14,
    top,
    bottom,
    axes: places.map(({ ticks }, index) => ({
      x: xOf(index),
      nameY: index % 2 === 0 ? 14 : 30,
      ticks: ticks.flatMap((value) => {
        const y = yOf(index, value);
        return y === undefined
          ? []
          : [{ y, words: typeof value === "number" ? sayTick(value) : String(value) }];
      }),
    })),
    lines: chart.lines.map(({ values, score }) => {
      const points = values.flatMap((value, index): [number, number][] => {
        const y = yOf(index, value);
        return y === undefined ? [] : [[xOf(index), y]];
      });
      const path = points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
      return { path, points, rank: fifthOf(score, chart) };
    }),
    order,
  };
}

/** How the values of an axis are placed: a share of its height, 0 at the bottom; and where numbers stand at it. */
interface Placing {
  readonly shareOf: (value: Coordinate) => number | undefined;
  readonly ticks: readonly (string | number)[];
}

function placeValues(values: readonly Coordinate[]): Placing {
  const known = distinct(values);
  if (!known.every((value) => typeof value === "number")) {
    const places = new Map<Coordinate, number>(
      known.map((value, index) => [value, (index + 0.5) / known.length]),
    );
    return { shareOf: (value) => places.get(value), ticks: known };
  }
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const isLog = low > 0 && high / low >= LOG_FROM;
  const between = (share: number) => (isLog ? low * (high / low) ** share : low + share * (high - low));
  return {
    shareOf: (value) => {
      if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
      if (low === high) return 0.5;
      return isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    },
    // All values where they are few; of many, some that are equally far apart.
    ticks: known.length <= MOST_TICKS ? known : TICK_SHARES.map(between),
  };
}

function distinct(values: readonly Coordinate[]): (string | number)[] {
  const known = [...new Set(values)].filter((value) => value !== null);
  return known.every((value) => typeof value === "number")
    ? known.sort((one, other) => one - other)
    : known.sort();
}

function rank(scores: readonly (number | null)[]): number[] {
  const worst = Number.NEGATIVE_INFINITY;
  return scores
    .map((score, index) => ({ score: score ?? worst, index }))
    .sort((one, other) => other.score - one.score || one.index - other.index)
    .map(({ index }) => index);
}

function fifthOf(score: number | null, { lines }: ParallelChart): number | undefined {
  if (score === null) return undefined;
  const scores = lines.flatMap((line) => line.score ?? []);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  return low === high ? 4 : Math.min(4, Math.floor(((score - low) / (high - low)) * 5));
}

/** Find the line nearest to a place. @returns its place in `order`, best first. */
export function findLine({ lines, order }: ParallelLayout, x: number, y: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  order.forEach((index, place) => {
    const distance = distanceTo(lines[index]?.points ?? [], x, y);
    if (distance < least) [best, least] = [place, distance];
  });
  return best;
}

function distanceTo(points: ParallelLayout["lines"][number]["points"], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [index, to] of points.entries()) {
    const from = points[index - 1] ?? to;
    if (x < from[0] - LEAST_GAP_PX || x > to[0] + LEAST_GAP_PX) continue;
    const share = to[0] === from[0] ? 0 : Math.min(1, Math.max(0, (x - from[0]) / (to[0] - from[0])));
    const at = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])] as const;
    least = Math.min(least, Math.hypot(at[0] - x, at[1] - y));
  }
  return least;
}
