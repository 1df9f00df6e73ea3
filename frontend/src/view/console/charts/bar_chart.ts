/** Bar charts: one bar a group, or several. */
import { make } from "../../element.ts";
import { type BarGroups, type BarLayout, findGroup, layOutBars } from "./bar_layout.ts";
import { drawLevels } from "./line_chart.ts";
import { placeX } from "./line_layout.ts";
import { classOfSeries, type Drawing, makeLegend, makeStage } from "./stage.ts";
import { draw, drawPicture, write, writeTurned } from "./svg.ts";
import { sayValue } from "./ticks.ts";

export type { BarGroups } from "./bar_layout.ts";

export interface Bars extends Omit<BarGroups, "groups" | "series"> {
  readonly bars: readonly { readonly name: string; readonly value: number | null }[];
}

/** Draw bars; where the pointer or an arrow key is, the values are told. */
export function drawBars(chart: Bars | BarGroups): HTMLElement {
  const grouped = "bars" in chart ? group(chart) : chart;
  const stage = makeStage(describe(grouped), (width) => drawFor(grouped, width));
  const entries = grouped.series.map(({ name }, series) => ({ name, series }));
  const legend = entries.length > 1 ? [makeLegend(entries, drawKey)] : [];
  return make("div", { class: "chart-box" }, [stage, ...legend]);
}

function group({ bars, ...chart }: Bars): BarGroups {
  const values = bars.map(({ value }) => value);
  return { ...chart, groups: bars.map(({ name }) => name), series: [{ name: chart.yLabel, values }] };
}

function drawFor(chart: BarGroups, width: number): Drawing {
  const layout = layOutBars(chart, width);
  const { plot, names } = layout;
  const pointer = draw("g", { class: "pointer" });
  const bars = layout.boxes.map(({ series, ...box }) =>
    draw("rect", { class: `bar-mark ${classOfSeries(series)}`, ...box }),
  );
  const axes = chart.isLying ? drawLyingAxes(layout, chart) : drawStandingAxes(layout, chart);
  const middleOf = (mark: number) => names[mark]?.middle ?? 0;
  return {
    picture: drawPicture(width, layout.height, [...axes, ...bars, pointer]),
    numMarks: names.length,
    firstMark: 0,
    find: (x, y) => findGroup(names, chart.isLying ? y : x),
    tell: (mark) => ({
      x: chart.isLying ? (plot.left + plot.right) / 2 : middleOf(mark),
      y: chart.isLying ? middleOf(mark) : plot.top,
      ...tell(chart, mark),
    }),
    highlight: (mark) => {
      if (mark === undefined) return pointer.replaceChildren();
      const at = middleOf(mark);
      const line = chart.isLying ? `M${plot.left} ${at}H${plot.right}` : `M${at} ${plot.top}V${plot.bottom}`;
      pointer.replaceChildren(draw("path", { d: line }));
    },
  };
}

function tell({ groups, series, format = sayValue }: BarGroups, mark: number) {
  const rows = series.map(({ name, values }, index) => {
    const value = values[mark] ?? null;
    return {
      name,
      value: value === null ? "\u2013" : format(value),
      ...(series.length > 1 ? { series: index } : {}),
    };
  });
  return { title: groups[mark] ?? "", rows };
}

function drawStandingAxes(
  { plot, scale, names, isTurned, height }: BarLayout,
  chart: BarGroups,
): SVGElement[] {
  const shown = names.filter(({ isShown }) => isShown);
  return [
    ...drawLevels(scale, plot),
    ...shown.map(({ middle, text }) =>
      isTurned
        ? writeTurned(text, middle + 4, plot.bottom + 12, -45, "end")
        : write(text, middle, plot.bottom + 16, "middle"),
    ),
    writeTurned(chart.yLabel, 12, (plot.top + plot.bottom) / 2, -90, "middle"),
    ...(chart.xLabel ? [write(chart.xLabel, (plot.left + plot.right) / 2, height - 4, "middle")] : []),
  ];
}

function drawLyingAxes({ plot, scale, names, height }: BarLayout, chart: BarGroups): SVGElement[] {
  return [
    ...scale.ticks.flatMap(({ value, words }) => {
      const x = placeX(plot, scale, value);
      return [
        draw("path", { class: "grid", d: `M${x} ${plot.top}V${plot.bottom}` }),
        write(words, x, plot.bottom + 16, "middle"),
      ];
    }),
    ...names.map(({ middle, text }) => write(text, plot.left - 6, middle + 4, "end")),
    write(chart.yLabel, (plot.left + plot.right) / 2, height - 4, "middle"),
  ];
}

function describe({ groups, series, yLabel, format = sayValue }: BarGroups): string {
  if (groups.length === 0) return `${yLabel}: nothing yet.`;
  const [first] = series;
  if (series.length !== 1 || !first)
    return `${yLabel} of ${series.map(({ name }) => name).join(", ")}, by group.`;
  const most = groups.flatMap((name, index) => {
    const value = first.values[index] ?? null;
    return value === null ? [] : [{ name, value }];
  });
  const top = most.sort((one, other) => other.value - one.value)[0];
  return top ? `${yLabel}: most ${top.name}, ${format(top.value)}.` : `${yLabel}: nothing known.`;
}

function drawKey(index: number): SVGElement {
  return draw("svg", { viewBox: "0 0 28 8", "aria-hidden": "true" }, [
    draw("rect", { class: `bar-mark ${classOfSeries(index)}`, x: 1, y: 1, width: 26, height: 6 }),
  ]);
}
