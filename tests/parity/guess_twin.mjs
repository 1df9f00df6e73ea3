/**
 * Bundles frontend/src/predict with the frontend's own esbuild and lets it read networks' answers: a question as JSON on
 * stdin (a manifest, and drawings, each with its bitmap in base64 and its logits), what a page would say on stdout.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const frontend = new URL("../../frontend/", import.meta.url);
const { build } = await import(new URL("node_modules/esbuild/lib/main.js", frontend));
const exports = ["guess", "manifest"].map((name) => `export * from "./${name}.ts";`);
const bundle = await build({
  stdin: { contents: exports.join("\n"), resolveDir: fileURLToPath(new URL("src/predict", frontend)), loader: "ts" },
  bundle: true,
  format: "esm",
  write: false,
});
const code = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
const { parseManifest, readGuess } = await import(`data:text/javascript;base64,${code}`);

const question = JSON.parse(readFileSync(0, "utf8"));
const manifest = parseManifest(question.manifest);
process.stdout.write(JSON.stringify(question.drawings.map(answer)));

function answer({ bitmap, logits }) {
  const guess = readGuess(Float32Array.from(logits), Uint8Array.from(Buffer.from(bitmap, "base64")), manifest);
  const top = guess.ranked.map(({ label, confidence }) => ({ label: label.name, probability: confidence }));
  return { version: guess.version, known: !guess.unknown, top };
}
