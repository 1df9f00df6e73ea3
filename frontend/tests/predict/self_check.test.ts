import { expect, test } from "vitest";
import { passesSelfCheck } from "../../src/predict/self_check.ts";

const check = { bitmap: new Uint8Array(), logits: [1, -2], tolerance: 1e-3 };

test.each([
  ["the expected logits", [1, -2], true],
  ["logits within the tolerance", [1.0009, -2.0009], true],
  ["one logit out of the tolerance", [1, -2.002], false],
  ["a logit too few", [1], false],
  ["a logit too many", [1, -2, 0], false],
  ["something that is no number", [1, Number.NaN], false],
])("%s", (_case, logits, passes) => {
  expect(passesSelfCheck(Float32Array.from(logits), check)).toBe(passes);
});
