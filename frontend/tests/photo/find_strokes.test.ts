import { describe, expect, test } from "vitest";
import { INK_LIMITS } from "../../src/ink/index.ts";
import type { CanvasPoint } from "../../src/photo/canvas_point.ts";
import { close } from "../../src/photo/close.ts";
import { enlarge } from "../../src/photo/enlarge.ts";
import { erode } from "../../src/photo/erode.ts";
import { findComponents } from "../../src/photo/find_components.ts";
import { findMedian } from "../../src/photo/find_median.ts";
import { findStrokes } from "../../src/photo/find_strokes.ts";
import { follow } from "../../src/photo/follow.ts";
import { frame } from "../../src/photo/framed.ts";
import { grow } from "../../src/photo/grow.ts";
import { keepWithinLimits } from "../../src/photo/keep_within_limits.ts";
import { PHOTO_LIMITS } from "../../src/photo/limits.ts";
import type { Pixels } from "../../src/photo/plane.ts";
import { Shrinking } from "../../src/photo/shrinking.ts";
import { smooth } from "../../src/photo/smooth.ts";
import { thin } from "../../src/photo/thin.ts";
import { BLACK, CLEAR, fill, mask, plain, show, WHITE } from "./pictures.ts";

function shrink({ width, height, data }: Pixels) {
  const shrinking = new Shrinking(width, height);
  shrinking.add(data);
  return shrinking.finish();
}

function find(picture: Pixels) {
  return findStrokes(shrink(picture));
}

/** Width and height of what was found. */
function extentOf(points: readonly CanvasPoint[]) {
  const side = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  return { width: side(points.map(({ x }) => x)), height: side(points.map(({ y }) => y)) };
}

describe("a picture becomes strokes", () => {
  test.each([
    ["dark on light", WHITE, BLACK],
    ["light on dark", BLACK, WHITE],
    ["black on nothing", CLEAR, BLACK],
    ["white on nothing", CLEAR, WHITE],
  ])("a bar, %s, is one line along its middle", (_, paper, ink) => {
    const picture = plain(200, 120, paper);
    fill(picture, [40, 58, 160, 61], ink);

    const strokes = find(picture);

    expect(strokes).toHaveLength(1);
    const { width, height } = extentOf(strokes.flat());
    expect(height / width).toBeLessThan(0.05);
  });

  test("two bars that cross hang together", () => {
    const picture = plain(150, 150, WHITE);
    fill(picture, [20, 73, 130, 76], BLACK);
    fill(picture, [73, 20, 76, 130], BLACK);

    const { width, height } = extentOf(find(picture).flat());

    expect(width / height).toBeCloseTo(1, 1);
  });

  test("a shape that is filled becomes its outline, which closes", () => {
    const picture = plain(300, 300, WHITE);
    fill(picture, [60, 60, 240, 240], BLACK);

    const strokes = find(picture);

    expect(strokes).toHaveLength(1);
    expect(strokes[0]?.at(-1)).toEqual(strokes[0]?.[0]);
  });

  test.each([
    ["white", WHITE],
    ["black", BLACK],
    ["transparent", CLEAR],
  ])("in a picture that is all %s there is none", (_, colour) => {
    expect(() => find(plain(80, 60, colour))).toThrow(expect.objectContaining({ refusal: "no_ink" }));
  });
});

describe("step by step", () => {
  test("shrinking takes means, and does not care in which parts the picture comes", () => {
    const picture = plain(1000, 30, WHITE);
    fill(picture, [0, 0, 999, 0], BLACK);
    const byRows = new Shrinking(1000, 30);
    for (let row = 0; row < 30; row += 1) byRows.add(picture.data.subarray(row * 4000, (row + 1) * 4000));

    const shrunk = shrink(picture);

    expect([shrunk.width, shrunk.height, shrunk.values[0], shrunk.values[500 * 3]]).toEqual([
      500, 15, 128, 255,
    ]);
    expect(byRows.finish()).toEqual(shrunk);
  });

  test("closing removes what is darker than all around it, and narrower than the window", () => {
    const values = Int32Array.from([9, 9, 2, 9, 9, 1, 1, 1, 1]);

    expect([...close({ width: 9, height: 1, values }, 1).values]).toEqual([9, 9, 9, 9, 9, 1, 1, 1, 1]);
  });

  test("components hang together over corners, and are numbered as they are met", () => {
    const { count, labels } = findComponents(mask("#..#", ".#..", "...#"));

    expect(count).toBe(3);
    expect([labels[0], labels[3], labels[5], labels[11]]).toEqual([0, 1, 0, 2]);
  });

  test("growing and eroding stop at the border", () => {
    expect(show(grow(mask("#...", "....", "...#")))).toEqual(["##..", "####", "..##"]);
    expect(show(erode(mask("###", "###", "##."), false))).toEqual(["...", ".#.", "..."]);
    expect(show(erode(mask("###", "###", "##."), true))).toEqual(["...", "...", "..."]);
  });

  test("the median is the lower one of two", () => {
    expect(findMedian(Int32Array.from([0, 2, 0, 2]))).toBe(1);
    expect(findMedian(Int32Array.from([1, 0, 2]))).toBe(2);
  });

  test("enlarging goes from one value to the next in even steps", () => {
    const { values } = enlarge({ width: 2, height: 1, values: Int32Array.from([0, 16]) }, 2);

    expect([...values.subarray(0, 4)].map((value) => value / 16)).toEqual([0, 4, 12, 16]);
  });

  test("thinning leaves the middle of a line", () => {
    const { cells, stride } = thin(mask(".......", ".#####.", ".#####.", ".#####.", "......."));
    const rows = new Set(
      [...cells.keys()].filter((index) => cells[index] === 1).map((index) => Math.floor(index / stride)),
    );

    expect(rows).toEqual(new Set([3]));
  });

  test("a loop ends where it began", () => {
    const [loop, ...others] = follow(frame(mask(".##.", "#..#", "#..#", ".##.")), 4);

    expect(others).toEqual([]);
    expect(loop).toHaveLength(9);
    expect(loop?.at(-1)).toEqual(loop?.[0]);
  });

  test("a branch is tied to its line; a short one is a spur, and goes", () => {
    const rows = ["#########", "....#....", "....#....", "....#....", "....#...."];

    expect(follow(frame(mask(...rows)), 4).map((stroke) => stroke.length)).toEqual([9, 5]);
    expect(follow(frame(mask(...rows.slice(0, 3))), 4).map((stroke) => stroke.length)).toEqual([9]);
  });

  test("a lone dot is a stroke of one point", () => {
    expect(follow(frame(mask("...", ".#.", "...")), 4)).toEqual([[{ x: 2, y: 2 }]]);
  });

  test("smoothing leaves the ends where they are", () => {
    const step = [0, 0, 0, 1, 1, 1].map((y, x) => ({ x, y }));

    const smoothed = smooth(step);

    expect([smoothed[0], smoothed.at(-1)]).toEqual([
      { x: 0, y: 0 },
      { x: 25, y: 5 },
    ]);
    expect(smoothed.map(({ y }) => y)).toEqual([0, 0, 2, 3, 5, 5]);
  });

  test("what is found is never more than a drawing may have; the longest lines stay", () => {
    const line = (length: number) => Array.from({ length }, (_, x) => ({ x, y: 0 }));

    expect(keepWithinLimits(Array.from({ length: 300 }, (_, index) => line(index + 1)))).toHaveLength(36);
    expect(keepWithinLimits(Array.from({ length: 300 }, () => line(2)))).toHaveLength(
      PHOTO_LIMITS.maxStrokes,
    );
    expect(keepWithinLimits([line(3), line(9_999)]).map((stroke) => stroke.length)).toEqual([9_999, 1]);
  });

  test("a picture's strokes are bounded as a pen's are", () => {
    expect(PHOTO_LIMITS).toMatchObject(INK_LIMITS);
  });
});
