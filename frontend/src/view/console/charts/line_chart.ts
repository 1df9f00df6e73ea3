/** Line charts. */
import { make } from "../../element.ts";
import {
  describeLines,
  findStop,
  type LineChart,
  type LineLayout,
  layOutLines,
  placeX,
  placeY,
  tellLines,
} from "./line_layout.ts";
import type { Scale } from "./scale.ts";
import { classOfSeries, type Drawing, makeLegend, makeStage } from "./stage.ts";
import { draw, drawPicture, write, writeTurned } from "./svg.ts";

export type { LineChart, Series } from "./line_layout.ts";

const MINUTE_MS = 60_000;

/** Draw lines, each with a colour and a pattern; where the pointer or an arrow key is, the values are told. */
export function drawLines(chart: LineChart): HTMLElement {
  const offsetMs = -new Date().getTimezoneOffset() * MINUTE_MS;
  const stage = makeStage(describeLines(chart), (width) => drawFor(chart, width, offsetMs));
  const told = chart.series.flatMap(({ name, colour, isFaint }, index) =>
    isFaint ? [] : [{ name, series: colour ?? index }],
  );
  const isObvious = told.length < 2 && (told[0]?.name ?? chart.yLabel) === chart.yLabel;
  return make("div", { class: "chart-box" }, [stage, ...(isObvious ? [] : [makeLegend(told, drawKey)])]);
}

function drawFor(chart: LineChart, width: number, offsetMs: number): Drawing {
  const layout = layOutLines(chart, width, offsetMs);
  const { plot, x, y, stops } = layout;
  const pointer = draw("g", { class: "pointer" });
  const picture = drawPicture(width, layout.height, [
    ...drawAxes(layout, chart),
    ...(chart.hasDiagonal ? [drawDiagonal(layout)] : []),
    ...layout.marks.map((at) => draw("path", { class: "mark-line", d: `M${at} ${plot.top}V${plot.bottom}` })),
    ...layout.lines.map(({ band }, index) =>
      draw("path", { class: `band ${classOf(chart, index)}`, d: band }),
    ),
    ...layout.lines.flatMap((line, index) => drawLine(line, classOf(chart, index))),
    pointer,
  ]);
  const tell = (mark: number) => {
    const stop = stops[mark] ?? 0;
    return { ...tellLines(chart, stop, offsetMs), x: placeX(plot, x, stop), y: plot.top };
  };
  return {
    picture,
    numMarks: stops.length,
    firstMark: stops.length - 1,
    find: (left) =>
      findStop(
        stops.map((stop) => placeX(plot, x, stop)),
        left,
      ),
    tell,
    highlight: (mark) => {
      if (mark === undefined) return pointer.replaceChildren();
      const told = tell(mark);
      const dots = told.points.map((point, index) => {
        const places = { cx: placeX(plot, x, point[0]), cy: placeY(plot, y, point[1]), r: 4 };
        return draw("circle", { class: classOfSeries(told.rows[index]?.series ?? 0), ...places });
      });
      pointer.replaceChildren(draw("path", { d: `M${told.x} ${plot.top}V${plot.bottom}` }), ...dots);
    },
  };
}

function classOf({ series }: LineChart, index: number): string {
  const { colour = index, isFaint = false } = series[index] ?? {};
  return `${classOfSeries(colour)}${isFaint ? " faint" : ""}`;
}

function drawLine({ path, dots }: LineLayout["lines"][number], kind: string): SVGElement[] {
  const marks = dots.map(([cx, cy]) => draw("circle", { cx, cy, r: 2.5 }));
  return [draw("path", { class: kind, d: path }), draw("g", { class: `${kind} dots` }, marks)];
}

function drawDiagonal({ plot, x, y }: LineLayout): SVGElement {
  const from = `M${placeX(plot, x, x.low)} ${placeY(plot, y, y.low)}`;
  return draw("path", {
    class: "diagonal",
    d: `${from}L${placeX(plot, x, x.high)} ${placeY(plot, y, y.high)}`,
  });
}

function drawAxes({ plot, x, y, height }: LineLayout, { xLabel, yLabel }: LineChart): SVGElement[] {
  const middle = (plot.left + plot.right) / 2;
  return [
    ...drawLevels(y, plot),
    ...x.ticks.map(({ value, words }) => write(words, placeX(plot, x, value), plot.bottom + 16, "middle")),
    write(xLabel, middle, height - 4, "middle"),
    writeTurned(yLabel, 12, (plot.top + plot.bottom) / 2, -90, "middle"),
  ];
}

/** The value axis: a level and a number each tick. */
export function drawLevels(y: Scale, plot: LineLayout["plot"]): SVGElement[] {
  return y.ticks.flatMap(({ value, words }) => {
    const level = placeY(plot, y, value);
    return [
      draw("path", { class: "grid", d: `M${plot.left} ${level}H${plot.right}` }),
      write(words, plot.left - 6, level + 4, "end"),
    ];
  });
}

function drawKey(index: number): SVGElement {
  return draw("svg", { viewBox: "0 0 28 8", "aria-hidden": "true" }, [
    draw("path", { class: classOfSeries(index), d: "M0 4H28" }),
  ]);
}
