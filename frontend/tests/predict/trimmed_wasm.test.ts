import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { TRIMMED_WASM } from "../../scripts/tfjs_aliases.mjs";
import { listFunctions, trimWasm, WHOLE_WASM } from "../../scripts/trim_wasm.mjs";

beforeAll(trimWasm);

const read = (path: string) => new WebAssembly.Module(readFileSync(path));
const exportsOf = (path: string) => WebAssembly.Module.exports(read(path)).map(({ name }) => name);

/** What the runtime itself calls: names of kernels begin with a capital. */
const isRuntime = (name: string) => !/^_?[A-Z]/.test(name);

test("the trimmed binary offers what the listed kernels call and the runtime needs, and no more", async () => {
  const called = await listFunctions();

  expect(exportsOf(TRIMMED_WASM).sort()).toEqual(
    exportsOf(WHOLE_WASM)
      .filter((name) => isRuntime(name) || called.has(name))
      .sort(),
  );
  expect([...called]).toContain("FusedConv2D");
});

test("it asks its surroundings for nothing new", () => {
  const importsOf = (path: string) =>
    WebAssembly.Module.imports(read(path)).map(({ module, name }) => `${module}.${name}`);

  expect(importsOf(WHOLE_WASM)).toEqual(expect.arrayContaining(importsOf(TRIMMED_WASM)));
});

test("it is a quarter smaller, also compressed", () => {
  const sizes = [TRIMMED_WASM, WHOLE_WASM].map((path) => gzipSync(readFileSync(path)).length);

  expect(sizes[0]).toBeLessThan(0.75 * (sizes[1] ?? 0));
});
