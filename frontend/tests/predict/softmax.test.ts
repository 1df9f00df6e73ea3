import { expect, test } from "vitest";
import { softmax } from "../../src/predict/softmax.ts";

test("equal logits are equally likely", () => {
  expect(softmax([3, 3, 3, 3])).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test("probabilities keep the logits' order, sum to 1, and are what the formula says", () => {
  const probabilities = softmax(Float32Array.of(1, 2, 4));

  expect(probabilities[0]).toBeCloseTo(Math.exp(1) / (Math.exp(1) + Math.exp(2) + Math.exp(4)), 12);
  expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
  expect([...probabilities].sort()).toEqual(probabilities);
});

test("logits of any size give no overflow", () => {
  expect(softmax([10_000, 0])).toEqual([1, 0]);
  expect(softmax([-10_000, -10_000])).toEqual([0.5, 0.5]);
});
