import { expect, test } from "vitest";
import { eraseAlong } from "../../src/pad/erase.ts";
import { beginGesture, drawingDuring, endGesture } from "../../src/pad/gesture.ts";
import { addStroke, EMPTY_HISTORY, takeBack, undo } from "../../src/pad/history.ts";

const across = [
  { x: 100, y: 500 },
  { x: 900, y: 500 },
];
const dot = [{ x: 500, y: 100 }];
const both = [across, dot];

test("a stroke that the eraser touches goes as a whole", () => {
  expect(eraseAlong(both, { x: 300, y: 510 }, { x: 300, y: 510 })).toEqual([dot]);
});

test("a stroke is touched on the eraser's way, too, not only where it stops", () => {
  expect(eraseAlong(both, { x: 300, y: 200 }, { x: 340, y: 800 })).toEqual([dot]);
});

test("dots can be touched, also from where the eraser only comes down", () => {
  expect(eraseAlong(both, { x: 505, y: 95 }, { x: 505, y: 95 })).toEqual([across]);
});

test("an eraser that touches nothing changes nothing", () => {
  expect(eraseAlong(both, { x: 0, y: 0 }, { x: 900, y: 0 })).toBe(both);
});

test("one contact of the eraser is one step, however many strokes it takes", () => {
  const history = addStroke(addStroke(EMPTY_HISTORY, across), dot);
  const gesture = beginGesture("eraser", { x: 500, y: 100 }, history.present);
  if (gesture.tool === "eraser") gesture.left = eraseAlong(gesture.left, gesture.at, { x: 500, y: 500 });
  const erased = endGesture(gesture, history);

  expect(drawingDuring(gesture, history.present)).toEqual([]);
  expect(erased.present).toEqual([]);
  expect(undo(erased).present).toEqual([across, dot]);
});

test("an eraser that touched nothing is no step", () => {
  const history = addStroke(EMPTY_HISTORY, dot);

  expect(endGesture(beginGesture("eraser", { x: 0, y: 0 }, history.present), history)).toBe(history);
});

test("a stroke that was a hand's is as if it had never been: nothing to redo", () => {
  const history = addStroke(EMPTY_HISTORY, dot);

  expect(takeBack(addStroke(history, across))).toEqual(history);
});
