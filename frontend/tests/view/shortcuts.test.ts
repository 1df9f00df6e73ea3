import { expect, test } from "vitest";
import { findCommand } from "../../src/view/draw/shortcuts.ts";

const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
const control = { ...plain, ctrlKey: true };

test("every tool has a key", () => {
  const keys = ["Delete", "e", "s", "d", "p", "?", "Enter"];

  expect(keys.map((key) => findCommand({ ...plain, key }))).toEqual([
    "clear",
    "erase",
    "skip",
    "pad",
    "picture",
    "keys",
    "enter",
  ]);
});

test("steps go back and forth as everywhere, on a Mac, too", () => {
  expect(findCommand({ ...control, key: "z" })).toBe("undo");
  expect(findCommand({ ...control, key: "Z", shiftKey: true })).toBe("redo");
  expect(findCommand({ ...plain, metaKey: true, key: "z" })).toBe("undo");
  expect(findCommand({ ...control, key: "y" })).toBe("redo");
});

test("the browser keeps its own keys", () => {
  expect(findCommand({ ...control, key: "s" })).toBeUndefined();
  expect(findCommand({ ...plain, altKey: true, key: "e" })).toBeUndefined();
});

test("single letters can be switched off; keys with a name of their own stay", () => {
  expect(findCommand({ ...plain, key: "e" }, false)).toBeUndefined();
  expect(findCommand({ ...plain, key: "?" }, false)).toBeUndefined();
  expect(findCommand({ ...plain, key: "Enter" }, false)).toBe("enter");
  expect(findCommand({ ...control, key: "z" }, false)).toBe("undo");
});

test("Space and arrows are the pen's, no command's", () => {
  expect(findCommand({ ...plain, key: " " })).toBeUndefined();
  expect(findCommand({ ...plain, key: "ArrowLeft" })).toBeUndefined();
});
