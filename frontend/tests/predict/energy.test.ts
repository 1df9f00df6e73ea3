import { expect, test } from "vitest";
import { energy } from "../../src/predict/energy.ts";

test("energy is minus the log of the summed exponentials", () => {
  expect(energy([0, 0])).toBeCloseTo(-Math.log(2), 12);
  expect(energy(Float32Array.of(1, 2))).toBeCloseTo(-Math.log(Math.exp(1) + Math.exp(2)), 12);
});

test("a strong logit for anything means little energy: it looks like something known", () => {
  expect(energy([9, 0, 0])).toBeLessThan(energy([1, 0, 0]));
});

test("logits of any size give no overflow", () => {
  expect(energy([10_000, 0])).toBe(-10_000);
  expect(energy([-10_000, -10_000])).toBeCloseTo(10_000 - Math.log(2), 6);
});
