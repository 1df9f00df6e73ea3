/** Where everything of a bar chart lies. */
import { type Plot, placeX, placeY } from "./line_layout.ts";
import { makeValueScale, type Range, type Scale } from "./scale.ts";

export interface BarGroups {
  /** What stands under each group of bars. */
  readonly groups: readonly string[];
  /** A bar in each group; null: none. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  readonly yLabel: string;
  readonly xLabel?: string;
  readonly yRange?: Range;
  /** Bars lie, one under the other: for long names. */
  readonly isLying?: boolean;
  /** How a value is told. */
  readonly format?: (value: number) => string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly series: number;
}

export interface BarLayout {
  readonly width: number;
  readonly height: number;
  readonly plot: Plot;
  readonly scale: Scale;
  readonly boxes: readonly Box[];
  /** Of each group: where its middle is, its name, and whether there is room for that. */
  readonly names: readonly { readonly middle: number; readonly text: string; readonly isShown: boolean }[];
  /** Whether the names under standing bars must be turned. */
  readonly isTurned: boolean;
}

const CHARACTER_PX = 6.4;
const LEAST_NAME_PX = 13;
const MAX_NAME_CHARACTERS = 18;
const BAR_PX = 18;
/** Of a group's room, what its bars fill. */
const FILLED = 0.76;

/** @param width in pixels. */
export function layOutBars(chart: BarGroups, width: number): BarLayout {
  const values = chart.series.flatMap(({ values: all }) => all.filter((value) => value !== null));
  const scale = makeValueScale([0, ...values], chart.yRange, 5);
  return chart.isLying ? layLying(chart, scale, width) : layStanding(chart, scale, width);
}

function layStanding(chart: BarGroups, scale: Scale, width: number): BarLayout {
  const widest = Math.max(...scale.ticks.map(({ words }) => words.length), 1);
  const left = Math.round(widest * CHARACTER_PX) + 28;
  const right = width - 14;
  const band = (right - left) / Math.max(1, chart.groups.length);
  const texts = chart.groups.map(shorten);
  const longest = Math.max(...texts.map((text) => text.length), 1) * CHARACTER_PX;
  const isTurned = longest > band - 4;
  const room = (isTurned ? Math.round(longest * 0.71) + 18 : 22) + (chart.xLabel ? 16 : 0);
  const height = 190 + room;
  const plot = { left, right, top: 10, bottom: height - room };
  const every = Math.max(1, Math.ceil(LEAST_NAME_PX / band));
  const bar = (band * FILLED) / Math.max(1, chart.series.length);
  const boxes = eachBar(chart, (group, series, value) => {
    const x = left + band * group + (band * (1 - FILLED)) / 2 + bar * series;
    return {
      x,
      width: bar,
      series,
      ...spanOf(placeY(plot, scale, base(scale)), placeY(plot, scale, value), "y"),
    };
  });
  const names = texts.map((text, index) => ({
    middle: left + band * (index + 0.5),
    text,
    isShown: index % every === 0,
  }));
  return { width, height, plot, scale, boxes, names, isTurned };
}

function layLying(chart: BarGroups, scale: Scale, width: number): BarLayout {
  const texts = chart.groups.map(shorten);
  const left = Math.round(Math.max(...texts.map((text) => text.length), 1) * (CHARACTER_PX + 0.4)) + 10;
  const band = BAR_PX * Math.max(1, chart.series.length) + 8;
  const plot = { left, right: width - 20, top: 4, bottom: 4 + band * Math.max(1, chart.groups.length) };
  const bar = BAR_PX;
  const boxes = eachBar(chart, (group, series, value) => {
    const y = plot.top + band * group + 4 + bar * series;
    return {
      y,
      height: bar,
      series,
      ...spanOf(placeX(plot, scale, base(scale)), placeX(plot, scale, value), "x"),
    };
  });
  const names = texts.map((text, index) => ({
    middle: plot.top + band * (index + 0.5),
    text,
    isShown: true,
  }));
  return { width, height: plot.bottom + 38, plot, scale, boxes, names, isTurned: false };
}

function eachBar(
  { series, groups }: BarGroups,
  lay: (group: number, series: number, value: number) => Box,
): Box[] {
  return groups.flatMap((_, group) =>
    series.flatMap(({ values }, index) => {
      const value = values[group];
      return value === null || value === undefined ? [] : [lay(group, index, value)];
    }),
  );
}

/** Where bars begin: at 0, or where the axis ends before it. */
function base({ low, high }: Scale): number {
  return Math.min(high, Math.max(low, 0));
}

function spanOf(from: number, to: number, axis: "x"): { x: number; width: number };
function spanOf(from: number, to: number, axis: "y"): { y: number; height: number };
function spanOf(from: number, to: number, axis: "x" | "y"): object {
  const [low, size] = [Math.min(from, to), Math.abs(to - from)];
  return axis === "x" ? { x: low, width: size } : { y: low, height: size };
}

function shorten(name: string): string {
  return name.length > MAX_NAME_CHARACTERS ? `${name.slice(0, MAX_NAME_CHARACTERS - 1)}\u2026` : name;
}

/** Find the group nearest to a place along the groups. @param names not empty. @returns its index. */
export function findGroup(names: BarLayout["names"], place: number): number {
  let best = 0;
  names.forEach(({ middle }, index) => {
    if (Math.abs(middle - place) < Math.abs((names[best]?.middle ?? middle) - place)) best = index;
  });
  return best;
}
