import { expect, test } from "vitest";
import { normalise } from "../../../src/ink/index.ts";
import { PAPER_SIDE } from "../../../src/pad/stroke.ts";
import { toPaper } from "../../../src/view/draw/pictures/to_paper.ts";

function extentOf(values: readonly number[]) {
  return { from: Math.min(...values), to: Math.max(...values) };
}

const wide = [
  [
    { x: 40, y: 100 },
    { x: 340, y: 130 },
  ],
  [{ x: 60, y: 200 }],
];

test("a drawing lies in the middle of the paper, as large as it may be and as it is shaped", () => {
  const points = toPaper(wide).flat();

  const across = extentOf(points.map(({ x }) => x));
  const down = extentOf(points.map(({ y }) => y));
  expect(across.to - across.from).toBeCloseTo(PAPER_SIDE * 0.75, -1);
  expect((down.to - down.from) / (across.to - across.from)).toBeCloseTo(100 / 300);
  for (const { from, to } of [across, down]) expect(Math.abs(from + to - PAPER_SIDE)).toBeLessThanOrEqual(2);
});

test("a picture's ink is the same on the pad, to the bit, whatever its size", () => {
  for (let side = 1; side <= 640; side += 1) {
    const strokes = [
      Array.from({ length: 40 }, (_, index) => ({
        x: 7 + Math.floor((side * ((index * 29) % 40)) / 39),
        y: 3 + Math.floor((side * ((index * 17) % 40)) / 57),
      })),
    ];

    expect(normalise(toPaper(strokes)), `side ${side}`).toEqual(normalise(strokes));
  }
});

test("a single dot lies in the middle", () => {
  expect(toPaper([[{ x: 9, y: 9 }]])).toEqual([[{ x: PAPER_SIDE / 2, y: PAPER_SIDE / 2 }]]);
});
