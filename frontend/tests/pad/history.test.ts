import { expect, test } from "vitest";
import { addStroke, clear, EMPTY_HISTORY, redo, replace, undo } from "../../src/pad/history.ts";

const line = [
  { x: 0, y: 0 },
  { x: 9, y: 9 },
];
const dot = [{ x: 5, y: 5 }];

const both = addStroke(addStroke(EMPTY_HISTORY, line), dot);

test("strokes are kept in the order they were drawn", () => {
  expect(both.present).toEqual([line, dot]);
});

test("undo takes the last stroke back, redo draws it again", () => {
  expect(undo(both).present).toEqual([line]);
  expect(redo(undo(both))).toEqual(both);
});

test("undo and redo go as far as there are steps, and no further", () => {
  const start = undo(undo(both));

  expect(start.present).toEqual([]);
  expect(undo(start)).toBe(start);
  expect(redo(both)).toBe(both);
});

test("clearing is a step that can be undone", () => {
  expect(clear(both).present).toEqual([]);
  expect(undo(clear(both)).present).toEqual([line, dot]);
});

test("a drawing put in the place of another is one step", () => {
  expect(replace(both, [dot]).present).toEqual([dot]);
  expect(undo(replace(both, [dot]))).toMatchObject({ present: [line, dot], past: both.past });
});

test("clearing an empty sheet is no step", () => {
  expect(clear(EMPTY_HISTORY)).toBe(EMPTY_HISTORY);
});

test("a new stroke forgets what was undone", () => {
  const changed = addStroke(undo(both), line);

  expect(changed.present).toEqual([line, line]);
  expect(redo(changed)).toBe(changed);
});
