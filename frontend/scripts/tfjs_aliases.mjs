/**
 * How both bundles (the pages by Vite, the runner by esbuild) see TensorFlow.js: only the parts that run a graph.
 *
 * Each entry: what a module asks for -> what it gets.
 */
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(`../src/predict/shared/${path}`, import.meta.url));

/** TensorFlow.js's WebAssembly binary without the kernels we do not list; scripts/trim_wasm.mjs makes it. */
export const TRIMMED_WASM = fileURLToPath(
  new URL("../node_modules/.cache/doodle-loop/tfjs-backend-wasm-simd.wasm", import.meta.url),
);

export const tfjsAliases = [
  {
    find: /^@tensorflow\/tfjs-backend-wasm\/wasm-out\/tfjs-backend-wasm-simd\.wasm/,
    replacement: TRIMMED_WASM,
  },
  { find: /^@tensorflow\/tfjs-core$/, replacement: here("tfjs_core.ts") },
  {
    find: /^@tensorflow\/tfjs-core\/dist\/ops\/ops_for_converter$/,
    replacement: here("graph_operations.ts"),
  },
  {
    find: /^\.\/(op_list\/(control|dynamic|evaluation|hash_table|image|logical|sparse|spectral|string)|executors\/(control|dynamic|evaluation|hash_table|image|logical|ragged|sparse|spectral|string)_executor)$/,
    replacement: here("no_operations.ts"),
  },
  { find: /^\.\/io\/io$/, replacement: here("model_files.ts") },
  { find: /^\.\/hash_util$/, replacement: here("no_hashes.ts") },
  // The threaded build of the WebAssembly backend and its worker: 16 kB for something that is never started.
  {
    find: /^.*\/wasm-out\/tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/,
    replacement: here("no_threads.ts"),
  },
  // Node's fetch for loading models by URL: neither bundle does that.
  { find: /^node-fetch$/, replacement: here("no_threads.ts") },
];
