import { describe, expect, test } from "vitest";
import { measureInk } from "../../src/predict/ink_measures.ts";
import { isUnknown } from "../../src/predict/rejection.ts";

/** 3 x 3 pixels: full ink beside half, in the corner. */
const bar = Uint8Array.of(255, 100, 0, 0, 0, 0, 0, 0, 0);
const around = { minEdges: 3, maxEdges: 4, minGrey: 0.2, maxGrey: 0.3 };
const sure = [9, 0, 0];

test("ink is measured with the paper around it", () => {
  expect(measureInk(bar, 3)).toEqual({ edges: (510 + 710) / 355, grey: 100 / 355 });
});

test("nothing is divided by zero on blank paper", () => {
  expect(measureInk(new Uint8Array(9), 3)).toEqual({ edges: 0, grey: 0 });
});

describe("a drawing is unknown", () => {
  test("when the network has more energy about it than the threshold", () => {
    const rejection = { threshold: -1, ink: around };

    expect(isUnknown(rejection, sure, bar, 3)).toBe(false);
    expect(isUnknown(rejection, [-2, -2, -2], bar, 3)).toBe(true);
  });

  test.each([
    ["too few edges", { ...around, minEdges: 3.5 }],
    ["too many edges", { ...around, maxEdges: 3.4 }],
    ["too little grey", { ...around, minGrey: 0.29 }],
    ["too much grey", { ...around, maxGrey: 0.28 }],
  ])("when it is no ink, having %s, however sure the network is", (_case, ink) => {
    expect(isUnknown({ threshold: -1, ink }, sure, bar, 3)).toBe(true);
  });

  test("by its energy alone in older versions", () => {
    expect(isUnknown({ threshold: -1, ink: undefined }, sure, new Uint8Array(9), 3)).toBe(false);
  });
});
