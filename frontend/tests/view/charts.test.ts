import { describe, expect, test } from "vitest";
import { findGroup, layOutBars } from "../../src/view/console/charts/bar_layout.ts";
import { toCsv } from "../../src/view/console/charts/csv.ts";
import { findCell, layOutHeat, stepCell } from "../../src/view/console/charts/heat_layout.ts";
import {
  describeLines,
  findStop,
  type LineChart,
  layOutLines,
  placeX,
  tellLines,
} from "../../src/view/console/charts/line_layout.ts";
import { findLine, layOutParallel } from "../../src/view/console/charts/parallel_layout.ts";
import {
  makeLogScale,
  makeSpanScale,
  makeTimeScale,
  makeValueScale,
  shareOf,
} from "../../src/view/console/charts/scale.ts";
import { classOfSeries } from "../../src/view/console/charts/stage.ts";
import { niceStep, sayTick, sayValue } from "../../src/view/console/charts/ticks.ts";

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 10, 21, 12);
const words = ({ ticks }: { ticks: readonly { words: string }[] }) => ticks.map((tick) => tick.words);

describe("CSV", () => {
  test("is what RFC 4180 says: commas, quotes and lines within quotes, quotes doubled", () => {
    const table = {
      columns: ["label", "share"],
      rows: [['a "big", cat', 0.5] as const, ["two\nlines", null] as const],
    };

    expect(toCsv(table)).toBe('label,share\r\n"a ""big"", cat",0.5\r\n"two\nlines",\r\n');
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])("%j is not run as a formula", (text) => {
    expect(toCsv({ columns: [text], rows: [] })).toMatch(/^"?'/);
  });

  test("a number below zero is a number; what is none is empty", () => {
    expect(toCsv({ columns: ["x"], rows: [[-1.5], [Number.NaN]] })).toBe("x\r\n-1.5\r\n\r\n");
  });
});

describe("axes", () => {
  test("values begin at 0 unless they are far from it, and end at round numbers", () => {
    expect(words(makeValueScale([0.31, 1.87], undefined, 5))).toEqual(["0", "0.5", "1", "1.5", "2"]);
    expect(makeValueScale([93.2, 94.9], undefined, 5)).toMatchObject({ low: 93, high: 95 });
    expect(makeValueScale([-3, 4], undefined, 5)).toMatchObject({ low: -4, high: 4 });
    expect(makeValueScale([0.2], [0, 1], 5)).toMatchObject({ low: 0, high: 1 });
  });

  test("equal factors are equally far apart on a log axis", () => {
    const scale = makeLogScale([0.001, 0.01, 1, 0, -2], undefined);

    expect(words(scale)).toEqual(["0.001", "0.01", "0.1", "1"]);
    expect(shareOf(scale, 0.01)).toBeCloseTo(1 / 3);
    expect(words(makeLogScale([1, 8], undefined))).toEqual(["1", "2", "5"]);
  });

  test("steps are round numbers", () => {
    const ends = [0.3, 1, 2.1, 12, 24, 26, 240].map((least) => niceStep(least * 4, 4));

    expect(ends.map((step) => Number(step.toPrecision(3)))).toEqual([0.5, 1, 5, 20, 25, 50, 250]);
  });

  test("whole numbers have no halves between them", () => {
    expect(words(makeSpanScale([1, 2, 3], undefined, 9))).toEqual(["1", "2", "3"]);
  });

  test("nothing, one value, or none above 0 is no division by zero", () => {
    for (const values of [[], [0], [5], [5, 5], [-1]]) {
      for (const scale of [
        makeValueScale(values, undefined, 5),
        makeSpanScale(values, undefined, 5),
        makeLogScale(values, undefined),
        makeTimeScale(values, undefined, 5, 0),
      ]) {
        expect(Number.isFinite(shareOf(scale, values[0] ?? 0)) || scale.isLog).toBe(true);
        expect(scale.ticks.length).toBeLessThan(12);
      }
    }
  });

  test("moments stand at full hours and days of the operator's clock", () => {
    const hours = makeTimeScale([NOON - DAY_MS / 2, NOON + DAY_MS / 2], undefined, 4, 0);
    expect(words(hours)).toEqual(["21 Nov", "06:00", "12:00", "18:00", "22 Nov"]);
    const days = makeTimeScale([NOON, NOON + 6 * DAY_MS], undefined, 7, 3_600_000);
    expect(words(days)[0]).toBe("22 Nov");
    expect(days.ticks[0]?.value).toBe(Date.UTC(2026, 10, 21, 23));
  });

  test.each([
    [0.1 + 0.2, "0.3"],
    [-2, "\u22122"],
    [25_000, "25k"],
    [3_400_000, "3.4M"],
    [0.0001, "1e\u22124"],
  ])("%d is written %s", (value, text) => {
    expect(sayTick(value)).toBe(text);
  });

  test("a value has four digits that mean something; what is not known is a dash", () => {
    expect([0.123456, 12_345, null, Number.NaN].map(sayValue)).toEqual([
      "0.1235",
      "12\u202f345",
      "\u2013",
      "\u2013",
    ]);
  });
});

describe("lines", () => {
  const chart: LineChart = {
    series: [
      {
        name: "cat",
        points: [
          [0, 1],
          [1, null],
          [2, 3],
          [3, 4],
        ],
      },
      {
        name: "dog",
        points: [
          [2, 2],
          [3, 0],
        ],
      },
    ],
    xLabel: "epoch",
    yLabel: "loss",
  };

  test("larger is further right and higher; a gap is a gap, and a point alone is a dot", () => {
    const { lines, plot } = layOutLines(chart, 400, 0);
    const [cat] = lines;

    expect(cat?.path.match(/M/g)).toHaveLength(2);
    expect(cat?.path).toContain(`M${plot.left} `);
    expect(cat?.path).toMatch(new RegExp(`L${plot.right} ${plot.top}$`));
    expect(cat?.dots).toHaveLength(3);
  });

  test("many points are a line without dots", () => {
    const points = Array.from({ length: 100 }, (_, index) => [index, index] as const);

    expect(layOutLines({ ...chart, series: [{ name: "x", points }] }, 400, 0).lines[0]?.dots).toEqual([]);
  });

  test("on a log axis what has no logarithm is left out", () => {
    const { lines, stops } = layOutLines({ ...chart, logY: true }, 400, 0);

    expect(lines[1]?.dots).toHaveLength(1);
    expect(lines.flatMap(({ path }) => path).join("")).not.toMatch(/NaN|Infinity/);
    expect(stops).toEqual([0, 2, 3]);
  });

  test("a place tells every series that is there", () => {
    expect(tellLines(chart, 3, 0).rows).toEqual([
      { name: "cat", series: 0, value: "4" },
      { name: "dog", series: 1, value: "0" },
    ]);
    expect(tellLines(chart, 0, 0).rows).toHaveLength(1);
    expect(tellLines({ ...chart, isTime: true }, NOON, 0).title).toBe("21 Nov 2026, 12:00");
  });

  test("a faint line is seen and not told; colours follow what belongs together", () => {
    const points = [[0, 1]] as const;
    const both = {
      ...chart,
      series: [
        { name: "a", points, isFaint: true },
        { name: "a", points, colour: 0 },
      ],
    };

    expect(tellLines(both, 0, 0).rows).toEqual([{ name: "a", series: 0, value: "1" }]);
    expect(describeLines(both)).toBe("loss by epoch: a last 1.");
  });

  test("what happened is marked and told, unless it is beside the axis", () => {
    const marked = {
      ...chart,
      marks: [
        { x: 1, name: "deployed" },
        { x: 99, name: "later" },
      ],
    };

    expect(layOutLines(marked, 400, 0).stops).toEqual([0, 1, 2, 3]);
    expect(layOutLines(marked, 400, 0).marks).toHaveLength(1);
    expect(tellLines(marked, 1, 0).rows.at(-1)).toEqual({ name: "deployed", value: "" });
  });

  test("an area has room on the axis", () => {
    const series = [
      {
        name: "a",
        points: [
          [0, 1],
          [1, 1],
        ],
        band: [
          [0, 0.5, 9],
          [1, 0.5, 2],
        ],
      },
    ] as const;
    const { y, lines } = layOutLines({ ...chart, series }, 400, 0);

    expect(y.high).toBeGreaterThanOrEqual(9);
    expect(lines[0]?.band).toMatch(/^M.*Z$/);
  });

  test("without points it is empty and whole", () => {
    const empty = { ...chart, series: [{ name: "cat", points: [] }] };

    expect(layOutLines(empty, 240, 0)).toMatchObject({
      stops: [],
      lines: [{ path: "", dots: [], band: "" }],
    });
    expect(describeLines({ ...chart, series: [] })).toBe("loss by epoch: nothing yet.");
  });

  test("the nearest place is found", () => {
    expect([-5, 1.4, 1.6, 99].map((value) => findStop([0, 1, 2], value))).toEqual([0, 1, 2, 2]);
    const { plot, x } = layOutLines(chart, 400, 0);
    expect(placeX(plot, x, 0)).toBe(plot.left);
  });

  test("the first colours and patterns all differ, in black and white, too", () => {
    const classes = Array.from({ length: 32 }, (_, index) => classOfSeries(index));

    expect(new Set(classes).size).toBe(32);
    expect(classes[0]).not.toContain(classes[1]?.split(" ")[1]);
  });
});

describe("bars", () => {
  const bars = {
    groups: ["cat", "dog", "bird"],
    series: [{ name: "n", values: [2, null, 4] }],
    yLabel: "drawings",
  };

  test("stand on 0; what is not known has none", () => {
    const { boxes, plot } = layOutBars(bars, 360);

    expect(boxes).toHaveLength(2);
    for (const { y, height } of boxes) expect(y + height).toBeCloseTo(plot.bottom);
    expect(boxes[1]?.height).toBeCloseTo((boxes[0]?.height ?? 0) * 2);
  });

  test("go down below 0", () => {
    const { boxes } = layOutBars({ ...bars, series: [{ name: "n", values: [-1, 1, 0] }] }, 360);

    expect((boxes[0]?.y ?? 0) - (boxes[1]?.height ?? 0)).toBeCloseTo(boxes[1]?.y ?? 0);
  });

  test("long names are turned, and lying bars write them out", () => {
    const groups = ["a label of some length", "another one", "third"];

    expect(layOutBars({ ...bars, groups }, 300).isTurned).toBe(true);
    expect(layOutBars(bars, 800).isTurned).toBe(false);
    const lying = layOutBars({ ...bars, groups, isLying: true }, 300);
    expect(
      lying.boxes.every(({ x, width }) => x >= lying.plot.left - 1 && x + width <= lying.plot.right + 1),
    ).toBe(true);
  });

  test("of too many names some are left out", () => {
    const groups = Array.from({ length: 100 }, (_, index) => `label ${index}`);
    const { names } = layOutBars(
      { ...bars, groups, series: [{ name: "n", values: groups.map(() => 1) }] },
      360,
    );

    expect(names.filter(({ isShown }) => isShown).length).toBeLessThan(40);
    expect(findGroup(names, names[57]?.middle ?? 0)).toBe(57);
  });
});

describe("heat maps", () => {
  const map = {
    rows: ["cat", "dog"],
    columns: ["cat", "dog"],
    values: [
      [9, 1],
      [null, 0],
    ],
    rowLabel: "label",
    columnLabel: "guess",
    format: String,
  };
  const sharesOf = (shadeBy: "all" | "row") =>
    layOutHeat({ ...map, shadeBy }, 360).cells.map(({ share }) => share);

  test("a shade is a share of all, or of its row", () => {
    expect(sharesOf("all")).toEqual([1, 1 / 9, 0, 0]);
    expect(sharesOf("row")).toEqual([0.9, 0.1, 0, 0]);
  });

  test("cells never get too small: the picture gets wider instead", () => {
    const columns = Array.from({ length: 40 }, (_, index) => `label ${index}`);
    const { width, cellWidth, cells } = layOutHeat(
      { ...map, columns, values: [columns.map(() => 123456)] },
      300,
    );

    expect([cellWidth, width > 40 * 24]).toEqual([24, true]);
    expect(cells[0]?.isWritten).toBe(false);
  });

  test("pointer and arrow keys find their cell and stay within", () => {
    const layout = layOutHeat(map, 360);
    const [, second] = layout.cells;

    expect(findCell(layout, map, (second?.x ?? 0) + 3, (second?.y ?? 0) + 3)).toBe(1);
    expect(findCell(layout, map, -9, 999)).toBe(2);
    expect(["ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft"].map((key) => stepCell(0, key, 2, 2))).toEqual([
      1, 2, 0, 0,
    ]);
  });
});

describe("parallel coordinates", () => {
  const chart = {
    axes: [
      { name: "EPOCHS", values: [1, 2, 4] },
      { name: "NETWORK", values: ["mlp", "cnn"] },
      { name: "LEARNING_RATE", values: [0.0001, 0.01, 0.001] },
    ],
    lines: [
      { id: "trial 0", values: [1, "mlp", 0.0001], score: 0.5 },
      { id: "trial 1", values: [4, "cnn", 0.01], score: 0.9 },
      { id: "trial 2", values: [2, null, 0.001], score: null },
    ],
  };
  const layout = layOutParallel(chart, 400);

  test("the best comes first, what is not known last", () => {
    expect(layout.order).toEqual([1, 0, 2]);
    expect(layout.lines.map(({ rank }) => rank)).toEqual([0, 4, undefined]);
  });

  test("wide ranges are placed by factors; a line leaves out what it has not", () => {
    const heights = layout.axes[2]?.ticks.map(({ y }) => y) ?? [];

    expect((heights[0] ?? 0) - (heights[1] ?? 0)).toBeCloseTo((heights[1] ?? 0) - (heights[2] ?? 0), 0);
    expect(layout.lines[2]?.points).toHaveLength(2);
  });

  test("a pointer finds the line it is on", () => {
    const [x, y] = layout.lines[0]?.points[2] ?? [0, 0];

    expect(layout.order[findLine(layout, x, y)]).toBe(0);
  });
});
