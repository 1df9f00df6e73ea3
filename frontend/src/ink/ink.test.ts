import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  draw,
  type InkStroke,
  type InkStrokes,
  normalise,
  type PadPoint,
  rasterise,
  simplify,
} from "./index.ts";

interface Bounce {
  readonly bounce: { readonly num_points: number; readonly periods: readonly [number, number] };
}

interface Case {
  readonly name: string;
  readonly strokes: readonly (Bounce | readonly (readonly (number | string)[])[])[];
  readonly ink?: InkStrokes;
  readonly refused?: true;
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../tests/parity/ink_cases.json", import.meta.url), "utf8"),
) as { cases: readonly Case[] };

function strokesOf({ strokes }: Case): PadPoint[][] {
  return strokes.map((stroke) => {
    if (!("bounce" in stroke)) return stroke.map(([x, y]) => ({ x: Number(x), y: Number(y) }));
    const [across, down] = stroke.bounce.periods;
    return Array.from({ length: stroke.bounce.num_points }, (_, index) => ({
      x: Math.abs((index % across) - across / 2),
      y: Math.abs((index % down) - down / 2),
    }));
  });
}

function rowOf(bitmap: Uint8Array, row: number): number[] {
  return Array.from(bitmap.subarray(row * 28, (row + 1) * 28));
}

describe("awkward drawings, the same for Python", () => {
  test.each(cases.filter(({ ink }) => ink))("$name becomes what the cases say", (each) => {
    expect(simplify(normalise(strokesOf(each)))).toEqual(each.ink);
  });

  test.each(cases.filter(({ refused }) => refused))("$name is refused", (each) => {
    expect(() => draw(strokesOf(each), 28, 28)).toThrow(RangeError);
  });

  test.each(cases.filter(({ refused }) => !refused))("$name has a bitmap, blank only without ink", (each) => {
    const { ink, bitmap } = draw(strokesOf(each), 28, 28);

    expect(bitmap.length).toBe(784);
    expect(bitmap.some((pixel) => pixel > 0)).toBe(ink.length > 0);
  });
});

test("what is stored and what is guessed are one: the bitmap is made of the simplified strokes", () => {
  const strokes = [[0, 3, 9, 40, 41, 90].map((x) => ({ x, y: (x * x) % 53 }))];

  const { ink, bitmap } = draw(strokes, 28, 28);

  expect(bitmap).toEqual(rasterise(ink, 28, 28));
});

const LINE: InkStroke = [
  [0, 255],
  [0, 0],
];
const DOT: InkStroke = [[0], [0]];

test("a dot is a round blob in the middle", () => {
  const bitmap = rasterise([DOT], 28, 28);

  expect(rowOf(bitmap, 13).slice(12, 16)).toEqual([0, 104, 104, 0]);
  expect(bitmap.reduce((sum, pixel) => sum + pixel)).toBe(4 * 104);
});

test("a level line has the pen's width: 16 of 304 units of 28 pixels, half of it above the middle", () => {
  const bitmap = rasterise([LINE], 28, 28);

  expect(rowOf(bitmap, 12).some(Boolean)).toBe(false);
  expect(Math.abs((rowOf(bitmap, 13)[14] ?? 0) - (255 * 28 * 8) / 304)).toBeLessThan(1);
  expect(rowOf(bitmap, 14)).toEqual(rowOf(bitmap, 13));
});

test("a stroke is no darker where it crosses itself, but strokes lie over each other", () => {
  const thereAndBack: InkStroke = [LINE[0].concat(LINE[0]), LINE[1].concat(LINE[1])];
  const [once, itself, twice] = [[LINE], [thereAndBack], [LINE, LINE]].map(
    (ink) => rowOf(rasterise(ink, 28, 28), 13)[14] ?? 0,
  );

  expect(itself).toBe(once);
  expect(twice).toBeGreaterThan(once ?? 255);
});

test("bitmaps come in any shape, with the drawing in the middle", () => {
  const bitmap = rasterise([DOT], 10, 20);

  expect(bitmap.indexOf(Math.max(...bitmap))).toBe(4 * 20 + 9);
});
