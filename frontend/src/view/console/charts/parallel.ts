/** Parallel coordinates: an axis a property, a line a trial; the better, the stronger. */
import { make } from "../../element.ts";
import { findLine, layOutParallel, type ParallelChart, type ParallelLayout } from "./parallel_layout.ts";
import { type Drawing, makeStage } from "./stage.ts";
import { draw, drawPicture, write } from "./svg.ts";
import { sayValue } from "./ticks.ts";

export type { Coordinate, ParallelAxis, ParallelChart } from "./parallel_layout.ts";

/** Draw lines across axes; the arrow keys go from the best line to the worst. */
export function drawParallel(chart: ParallelChart): HTMLElement {
  const summary = `${chart.lines.length} lines across ${chart.axes.map(({ name }) => name).join(", ")}.`;
  return make("div", { class: "chart-box" }, [makeStage(summary, (width) => drawFor(chart, width))]);
}

function drawFor(chart: ParallelChart, width: number): Drawing {
  const layout = layOutParallel(chart, width);
  const { order, lines } = layout;
  // The best ones are drawn last, over the others.
  const drawn = [...order].reverse().map((index) => drawLine(lines[index]));
  const pointer = draw("path", { class: "parallel told", d: "" });
  const lineAt = (mark: number) => lines[order[mark] ?? -1];
  return {
    picture: drawPicture(layout.width, layout.height, [
      ...drawAxes(layout),
      ...drawn,
      pointer,
      ...writeAxes(chart, layout),
    ]),
    numMarks: order.length,
    firstMark: 0,
    find: (x, y) => findLine(layout, x, y),
    tell: (mark) => tell(chart, layout, mark),
    highlight: (mark) =>
      pointer.setAttribute("d", (mark === undefined ? undefined : lineAt(mark)?.path) ?? ""),
  };
}

function drawLine(line: ParallelLayout["lines"][number] | undefined): SVGElement {
  const kind = line?.rank === undefined ? "unknown" : `rank-${line.rank}`;
  return draw("path", { class: `parallel ${kind}`, d: line?.path ?? "" });
}

function drawAxes({ axes, top, bottom }: ParallelLayout): SVGElement[] {
  return axes.map(({ x }) => draw("path", { class: "grid", d: `M${x} ${top - 8}V${bottom + 8}` }));
}

/** Over the lines, with room around each letter. */
function writeAxes(chart: ParallelChart, { axes }: ParallelLayout): SVGElement[] {
  const texts = axes.flatMap(({ x, nameY, ticks }, index) => [
    write(chart.axes[index]?.name ?? "", x, nameY, "middle"),
    ...ticks.map(({ y, words }) => write(words, x - 5, y + 4, "end")),
  ]);
  return [draw("g", { class: "halo" }, texts)];
}

function tell({ axes, lines, format = sayValue }: ParallelChart, layout: ParallelLayout, mark: number) {
  const index = layout.order[mark] ?? 0;
  const line = lines[index];
  const [x, y] = layout.lines[index]?.points[0] ?? [0, layout.top];
  const score = line?.score ?? null;
  return {
    x,
    y: Math.min(y, layout.top),
    title: `${line?.id ?? ""}: ${score === null ? "not known yet" : format(score)}`,
    rows: axes.map(({ name }, axis) => {
      const value = line?.values[axis] ?? null;
      return { name, value: typeof value === "string" ? value : sayValue(value) };
    }),
  };
}
