/**
 * Makes of TensorFlow.js's WebAssembly binary one that holds the kernels listed in kernels_wasm.ts and no others.
 *
 * Which functions a kernel calls, it says itself when it is set up. What nothing calls any more goes; what stays is the
 * very code that was there (tests compare every bit of what both answer).
 */
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { esbuildAliases } from "./esbuild_aliases.mjs";
import { TRIMMED_WASM } from "./tfjs_aliases.mjs";

const require = createRequire(import.meta.url);

export const WHOLE_WASM = require.resolve(
  "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm",
);

/** Kernels begin with a capital, or an underscore and a capital; what the runtime needs does not. */
const IS_KERNEL = /^_?[A-Z]/;

/** What the trimmed binary is made of, and by. */
const SOURCES = [
  WHOLE_WASM,
  fileURLToPath(new URL("../src/predict/shared/kernels_wasm.ts", import.meta.url)),
  fileURLToPath(import.meta.url),
];

/** A plugin for Vite that sees to it that the trimmed binary is there before anything asks for it. */
export function trimmedWasm() {
  return { name: "trimmed-wasm", config: trimWasm };
}

/** Write the trimmed binary where the bundles look for it, unless it lies there and is newer than what it is made of. */
export async function trimWasm() {
  if (await isFresh()) return;
  const [whole, names] = await Promise.all([readFile(WHOLE_WASM), listFunctions()]);
  const trimmed = await removeKernels(whole, names);
  await mkdir(dirname(TRIMMED_WASM), { recursive: true });
  // Written aside and renamed: two builds at once must not see half a file.
  const aside = `${TRIMMED_WASM}.${process.pid}`;
  await writeFile(aside, trimmed);
  await rename(aside, TRIMMED_WASM);
}

async function isFresh() {
  const times = await Promise.all([TRIMMED_WASM, ...SOURCES].map(readChangeTime));
  return times[0] > Math.max(...times.slice(1));
}

/** When a file was changed last, in milliseconds; 0 if there is none. */
async function readChangeTime(path) {
  const { mtimeMs } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: 0 };
  return mtimeMs;
}

/** Which functions of the binary the listed kernels call. */
export async function listFunctions() {
  const names = new Set();
  const wasm = {
    cwrap(name) {
      names.add(name);
      return () => 0;
    },
  };
  for (const kernel of await loadKernels()) kernel.setupFunc?.({ wasm });
  return names;
}

/** The list in kernels_wasm.ts, which Node cannot read as it is: TypeScript that imports parts of TensorFlow.js. */
async function loadKernels() {
  const { build } = await import("esbuild");
  const folder = await mkdtemp(join(tmpdir(), "doodle-kernels-"));
  const outfile = join(folder, "kernels.cjs");
  try {
    await build({
      absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
      entryPoints: ["src/predict/shared/kernels_wasm.ts"],
      outfile,
      bundle: true,
      platform: "node",
      mainFields: ["module", "main"],
      plugins: [esbuildAliases],
      logLevel: "error",
    });
    return require(outfile).WASM_KERNELS;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Remove from a binary every kernel that is not named, and all that only those needed.
 *
 * @param {Uint8Array} whole the binary.
 * @param {Set<string>} names functions that stay.
 * @returns {Promise<Uint8Array>} the trimmed binary.
 */
async function removeKernels(whole, names) {
  const { default: binaryen } = await import("binaryen");
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(whole)).map(({ name }) => name);
  const missing = [...names].filter((name) => !exported.includes(name));
  if (missing.length > 0) throw new Error(`TensorFlow.js's binary has no ${missing.join(", ")}`);
  const module = binaryen.readBinary(new Uint8Array(whole));
  try {
    for (const name of exported) if (IS_KERNEL.test(name) && !names.has(name)) module.removeExport(name);
    module.runPasses(["remove-unused-module-elements"]);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
