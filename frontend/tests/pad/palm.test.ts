import { expect, test } from "vitest";
import { hasBecomePalm, isFresh, isPalm } from "../../src/pad/palm.ts";

const finger = { kind: "touch", width: 30, height: 34, at: 10_000 };

test("a finger draws where no pen is about", () => {
  expect(isPalm(finger, undefined)).toBe(false);
});

test("a broad contact is a palm, pen or no pen", () => {
  expect(isPalm({ ...finger, height: 90 }, undefined)).toBe(true);
});

test("after a pen was seen hands rest for a while, and then draw again", () => {
  expect(isPalm(finger, 9_000)).toBe(true);
  expect(isPalm(finger, 4_000)).toBe(false);
});

test("pens and mice are no hands, whatever size they claim", () => {
  expect(isPalm({ ...finger, kind: "pen", width: 200 }, 9_999)).toBe(false);
  expect(isPalm({ ...finger, kind: "mouse" }, 9_999)).toBe(false);
});

test("a touch that grows at once was a palm; one that has drawn for a while stays", () => {
  const grown = { ...finger, width: 90 };

  expect(hasBecomePalm(grown, 9_900)).toBe(true);
  expect(hasBecomePalm(grown, 9_000)).toBe(false);
  expect(hasBecomePalm(finger, 9_900)).toBe(false);
});

test("half a second ago is still just before", () => {
  expect(isFresh(1_000, 1_499)).toBe(true);
  expect(isFresh(1_000, 1_500)).toBe(false);
});
