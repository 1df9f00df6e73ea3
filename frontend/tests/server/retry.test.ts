import { expect, test } from "vitest";
import { retryDelaySeconds } from "../../src/server/retry.ts";

test("each failure in a row doubles the wait, up to a minute", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((numFailures) => retryDelaySeconds(numFailures, 0));

  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test("chance shortens the wait by up to a half, so that pages do not come all at once", () => {
  expect(retryDelaySeconds(4, 0.5)).toBe(6);
  expect(retryDelaySeconds(4, 0.999)).toBeGreaterThan(4);
});

test("the wait is never shorter than the server asks for", () => {
  expect(retryDelaySeconds(1, 0, 30)).toBe(30);
  expect(retryDelaySeconds(7, 0, 30)).toBe(60);
});
