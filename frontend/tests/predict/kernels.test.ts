import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const here = (name: string) => new URL(`../../src/predict/shared/${name}.ts`, import.meta.url);

function kernelsOf(file: string): string[] {
  const source = readFileSync(here(file), "utf8");
  return [...source.matchAll(/^ {2}_?(\w+)Config,$/gm)].map((match) => match[1] ?? "").sort();
}

/** The two backends name one kernel differently. */
const sameName = (name: string) => (name === "batchNorm" ? "fusedBatchNorm" : name);

test("both backends have the same kernels: a graph that runs on one runs on the other", () => {
  const wasm = kernelsOf("kernels_wasm");

  expect(wasm.length).toBeGreaterThan(40);
  expect(kernelsOf("kernels_cpu").map(sameName).sort()).toEqual(wasm);
});
