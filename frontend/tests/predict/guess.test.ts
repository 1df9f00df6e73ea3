import { expect, test } from "vitest";
import { readGuess } from "../../src/predict/guess.ts";
import { parseManifest } from "../../src/predict/manifest.ts";
import { makeManifest } from "../testing/manifests.ts";

/** Of 1 x 2 pixels, as the manifest's. */
const bitmap = Uint8Array.of(255, 0);
const manifest = parseManifest(await makeManifest("aaaaaaaaaaaa", "weights"));

test("labels are ranked by confidence, whatever their place in the manifest", () => {
  const guess = readGuess(Float32Array.of(0, 3), bitmap, manifest);

  expect(guess.ranked.map(({ label }) => label.name)).toEqual(["dog", "cat"]);
  expect(guess.ranked[0]?.confidence).toBeCloseTo(0.9526, 4);
  expect(guess.version).toBe("aaaaaaaaaaaa");
});

test("a drawing with more energy than the manifest's threshold is unknown", () => {
  expect(readGuess(Float32Array.of(0, 3), bitmap, manifest).unknown).toBe(false);
  expect(readGuess(Float32Array.of(-2, -2), bitmap, manifest).unknown).toBe(true);
});
