import { expect, test } from "vitest";
import { isDirection, LARGE_STEP, moveCursor, STEP } from "../../src/pad/cursor.ts";

const middle = { x: 500, y: 500 };

test("an arrow moves the pen one step", () => {
  expect(moveCursor(middle, ["ArrowRight"], STEP)).toEqual({ x: 500 + STEP, y: 500 });
  expect(moveCursor(middle, ["ArrowUp"], LARGE_STEP)).toEqual({ x: 500, y: 500 - LARGE_STEP });
});

test("two arrows held together move it slantwise, and so do the corners of a keypad", () => {
  const slanting = { x: 500 - STEP, y: 500 + STEP };

  expect(moveCursor(middle, ["ArrowLeft", "ArrowDown"], STEP)).toEqual(slanting);
  expect(moveCursor(middle, ["End"], STEP)).toEqual(slanting);
});

test("arrows against each other leave it where it is", () => {
  expect(moveCursor(middle, ["ArrowLeft", "ArrowRight"], STEP)).toEqual(middle);
});

test("the pen stays on the paper", () => {
  expect(moveCursor({ x: 990, y: 0 }, ["ArrowRight", "ArrowUp"], LARGE_STEP)).toEqual({ x: 1000, y: 0 });
});

test("letters move nothing", () => {
  expect(isDirection("a")).toBe(false);
  expect(isDirection("ArrowLeft")).toBe(true);
});
