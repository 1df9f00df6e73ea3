import { expect, test } from "vitest";
import { draw } from "../../src/ink/index.ts";
import { makeCurves, makeTail, PEN_WIDTH } from "../../src/pad/curves.ts";

const corner = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
  { x: 100, y: 100 },
];

test("a curve runs from middle to middle, bent by the point between", () => {
  expect(makeCurves(corner)).toMatchObject([
    { from: { x: 0, y: 0 }, to: { x: 50, y: 0 } },
    { from: { x: 50, y: 0 }, bend: { x: 100, y: 0 }, to: { x: 100, y: 50 } },
  ]);
});

test("what has been painted stays right when points are added: each curve is made once", () => {
  const grown = [...corner, { x: 0, y: 100 }];

  expect(makeCurves(grown).slice(0, 2)).toEqual(makeCurves(corner));
  expect(makeCurves(grown, 3)).toEqual(makeCurves(grown).slice(2));
});

test("a stroke ends in its last point, wherever it is expected to go", () => {
  expect(makeTail(corner).at(-1)?.to).toEqual({ x: 100, y: 100 });
  expect(makeTail(corner).at(0)?.from).toEqual(makeCurves(corner).at(-1)?.to);
  expect(makeTail(corner, [{ x: 100, y: 140 }]).at(-1)?.to).toEqual({ x: 100, y: 140 });
  expect(makeTail(corner, [{ x: 100, y: 140 }]).at(0)?.from).toEqual(makeCurves(corner).at(-1)?.to);
});

test("a lone point is a dot, no point is nothing", () => {
  expect(makeTail(corner.slice(0, 1))).toMatchObject([{ from: { x: 0, y: 0 }, to: { x: 0, y: 0 } }]);
  expect(makeTail([])).toEqual([]);
});

test("a pen that presses harder writes wider, half pressure as wide as a mouse", () => {
  const pressed = (pressure: number) => corner.map((point) => ({ ...point, pressure }));
  const [soft, middle, hard] = [0.1, 0.5, 1].map((each) => makeCurves(pressed(each))[0]?.width ?? 0);

  expect(middle).toBe(PEN_WIDTH);
  expect(soft).toBeLessThan(PEN_WIDTH);
  expect(hard).toBeGreaterThan(PEN_WIDTH);
});

test("pressure is for the eye only: the ink and the bitmap are the same with and without", () => {
  const pressed = corner.map((point, index) => ({ ...point, pressure: index / 2 }));

  expect(draw([pressed], 28, 28)).toEqual(draw([corner], 28, 28));
});
