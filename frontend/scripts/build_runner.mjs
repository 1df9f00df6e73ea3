/**
 * Builds dist-node/run_graph_model.mjs (or the file named as argument): one file, with the WebAssembly kernels inside,
 * for any Node from 20 on.
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { esbuildAliases } from "./esbuild_aliases.mjs";
import { trimWasm } from "./trim_wasm.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

// TensorFlow.js's compiled parts are CommonJS and ask for these two, which a module does not have.
const banner = `import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const __dirname = ".";`;

await trimWasm();
await build({
  absWorkingDir: root,
  entryPoints: ["src/runner/run_graph_model.ts"],
  outfile: process.argv[2] ?? "dist-node/run_graph_model.mjs",
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "esm",
  mainFields: ["module", "main"],
  loader: { ".wasm": "binary" },
  banner: { js: banner },
  plugins: [esbuildAliases],
  logLevel: "info",
});
