/** Line charts: where each point of a chart lies, and the picture of it. */

/** In units of the picture; room around the plot is for the axes' numbers and names. */
const WIDTH = 360;
const HEIGHT = 250;
const LEFT = 54;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 38;

/** Colours of the style sheet, line-0 to line-7; further lines begin again, dashed. */
const NUM_COLOURS = 8;
/** Few points are marked; many are a line. */
const MAX_DOTS = 12;

export interface Axis {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

export interface Line {
  readonly name: string;
  /** In the axes' units; null is left out. */
  readonly points: readonly (readonly [number, number | null])[];
}

export interface Chart {
  /** What the picture says, for those who cannot see it. */
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** Whether the line from corner to corner, chance or honesty, is drawn. */
  readonly diagonal: boolean;
}

const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** An axis from 0 to 1. */
export function shareAxis(name: string): Axis {
  return { name, low: 0, high: 1, ticks: SHARES };
}

/** An axis from 0 to the largest of some values. */
export function fitAxis(name: string, values: readonly number[]): Axis {
  const high = Math.max(0, ...values) || 1;
  return { name, low: 0, high, ticks: SHARES.map((share) => share * high) };
}

/** An axis over whole numbers: the first, the middle and the last of them. */
export function countAxis(name: string, values: readonly number[]): Axis {
  const ends = [values[0], values[Math.floor(values.length / 2)], values.at(-1)];
  const ticks = [...new Set(ends)].filter((value) => value !== undefined);
  return { name, low: Math.min(...values), high: Math.max(...values), ticks };
}

/** The path of a line. @returns "" when no point is known. */
export function tracePath(x: Axis, y: Axis, points: Line["points"]): string {
  return known(points)
    .map(([at, value], index) => `${index === 0 ? "M" : "L"}${placeX(x, at)} ${placeY(y, value)}`)
    .join("");
}

function known(points: Line["points"]): [number, number][] {
  return points.flatMap(([at, value]): [number, number][] => (value === null ? [] : [[at, value]]));
}

function placeX(axis: Axis, value: number): number {
  return round(LEFT + shareOf(axis, value) * (WIDTH - LEFT - RIGHT));
}

function placeY(axis: Axis, value: number): number {
  return round(HEIGHT - BOTTOM - shareOf(axis, value) * (HEIGHT - TOP - BOTTOM));
}

function shareOf({ low, high }: Axis, value: number): number {
  return (value - low) / (high - low || 1);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Draw a chart, with its legend. */
export function drawChart({ title, x, y, lines, diagonal }: Chart): HTMLElement {
  const chance = {
    d: tracePath(x, y, [
      [x.low, y.low],
      [x.high, y.high],
    ]),
    class: "diagonal",
  };
  const picture = draw(
    "svg",
    { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title },
    [
      ...drawGrid(x, y),
      ...(diagonal ? [draw("path", chance)] : []),
      ...lines.flatMap((line, index) => drawLine(line, index, x, y)),
    ],
  );
  const figure = document.createElement("div");
  // The picture says its name itself, to those who cannot see this.
  const name = document.createElement("h3");
  name.ariaHidden = "true";
  name.textContent = title;
  figure.append(name, picture, makeLegend(lines));
  return figure;
}

function drawLine({ points }: Line, index: number, x: Axis, y: Axis): SVGElement[] {
  const path = draw("path", { class: classOf(index), d: tracePath(x, y, points) });
  const marked = known(points);
  if (marked.length > MAX_DOTS) return [path];
  const dots = marked.map(([at, value]) =>
    draw("circle", { cx: String(placeX(x, at)), cy: String(placeY(y, value)), r: "2.5" }),
  );
  return [path, draw("g", { class: `${classOf(index)} dots` }, dots)];
}

function classOf(index: number): string {
  return `line-${index % NUM_COLOURS}${index >= NUM_COLOURS ? " again" : ""}`;
}

function drawGrid(x: Axis, y: Axis): SVGElement[] {
  const right = WIDTH - RIGHT;
  const bottom = HEIGHT - BOTTOM;
  return [
    ...y.ticks.flatMap((tick) => [
      draw("path", { class: "grid", d: `M${LEFT} ${placeY(y, tick)}H${right}` }),
      write(sayTick(tick), LEFT - 6, placeY(y, tick) + 4, "end"),
    ]),
    ...x.ticks.map((tick) => write(sayTick(tick), placeX(x, tick), bottom + 15, "middle")),
    write(x.name, (LEFT + right) / 2, HEIGHT - 5, "middle"),
    draw("g", { transform: `translate(11 ${(TOP + bottom) / 2}) rotate(-90)` }, [
      write(y.name, 0, 0, "middle"),
    ]),
  ];
}

function sayTick(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function write(text: string, x: number, y: number, anchor: string): SVGElement {
  return draw("text", { x: String(x), y: String(y), "text-anchor": anchor }, [text]);
}

function makeLegend(lines: readonly Line[]): HTMLElement {
  const legend = document.createElement("ul");
  legend.className = "legend";
  for (const [index, { name }] of lines.entries()) {
    const key = draw("svg", { viewBox: "0 0 20 8", "aria-hidden": "true" }, [
      draw("path", { class: classOf(index), d: "M0 4H20" }),
    ]);
    const item = document.createElement("li");
    item.append(key, name);
    legend.append(item);
  }
  return legend;
}

function draw(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly (Node | string)[] = [],
): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
