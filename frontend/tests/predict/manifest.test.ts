import { expect, test } from "vitest";
import { getFile, parseManifest } from "../../src/predict/manifest.ts";
import { makeManifest } from "../testing/manifests.ts";

const right = await makeManifest("aaaaaaaaaaaa", "weights");

test("a right manifest is read, the sample's bitmap as bytes", () => {
  const manifest = parseManifest(right);

  expect(manifest.labels.map(({ name }) => name)).toEqual(["cat", "dog"]);
  expect(Array.from(manifest.selfCheck.bitmap)).toEqual([0, 255]);
  expect(getFile(manifest, "tfjs_weights").path).toBe("weights.bin");
});

test("what ink is, is read where a manifest says so; older ones do not", () => {
  const ink = { min_edges: 0.5, max_edges: 1.9, min_grey: 0.1, max_grey: 0.4 };
  const newer = { ...right, rejection: { score: "energy", threshold: -1, ink } };

  expect(parseManifest(newer).rejection).toEqual({
    threshold: -1,
    ink: { minEdges: 0.5, maxEdges: 1.9, minGrey: 0.1, maxGrey: 0.4 },
  });
  for (const older of [right, { ...right, rejection: { score: "energy", threshold: -1, ink: null } }])
    expect(parseManifest(older).rejection).toEqual({ threshold: -1, ink: undefined });
});

test("a file of a role that is not listed is named", () => {
  expect(() => getFile(parseManifest(right), "onnx")).toThrow("onnx");
});

test.each([
  ["no object", null, "manifest is not an object"],
  ["a newer format", { ...right, format_version: 2 }, "manifest.format_version is not 1"],
  [
    "another preprocessing",
    { ...right, input: { height: 1, width: 2, channels: 1, preprocessing: 2 } },
    "preprocessing",
  ],
  ["no labels", { ...right, labels: [] }, "manifest.labels"],
  [
    "a label without a prompt",
    { ...right, labels: [{ name: "cat", emoji: "x" }] },
    "manifest.labels[0].prompt",
  ],
  ["another score", { ...right, rejection: { score: "entropy", threshold: 1 } }, "manifest.rejection.score"],
  [
    "half an ink range",
    { ...right, rejection: { score: "energy", threshold: 1, ink: { min_edges: 1 } } },
    "manifest.rejection.ink.max_edges",
  ],
  [
    "a sample of another size",
    { ...right, self_check: { bitmap: btoa("x"), logits: [1, 2], tolerance: 1 } },
    "manifest.self_check.bitmap",
  ],
  [
    "a logit too few",
    { ...right, self_check: { bitmap: btoa("xy"), logits: [1], tolerance: 1 } },
    "manifest.self_check.logits",
  ],
])("%s is refused, and the message names the field", (_case, manifest, field) => {
  expect(() => parseManifest(manifest)).toThrow(field);
});
