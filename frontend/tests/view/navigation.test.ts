import { expect, test } from "vitest";
import { sayCount } from "../../src/view/console/shell/navigation.ts";
import { findNext } from "../../src/view/console/shell/navigation_menu.ts";

test.each([
  [0, ""],
  [7, "7"],
  [12_345, "9\u202f999+"],
])("%d that wait are written %j", (waiting, words) => {
  expect(sayCount(waiting)).toBe(words);
});

test("the arrow keys go round", () => {
  expect([findNext(-1, 1, 3), findNext(-1, -1, 3), findNext(2, 1, 3), findNext(0, -1, 3)]).toEqual([
    0, 2, 0, 2,
  ]);
});
