/**
 * Bundles frontend/src/predict with the frontend's own esbuild and asks it for verdicts: a question as JSON on stdin,
 * the answer on stdout. A question holds width, a manifest's rejection, and drawings, each with its bitmap (base64) and
 * its logits.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const frontend = new URL("../../frontend/", import.meta.url);
const { build } = await import(new URL("node_modules/esbuild/lib/main.js", frontend));
const exports = ["energy", "ink_measures", "rejection"].map((name) => `export * from "./${name}.ts";`);
const bundle = await build({
  stdin: { contents: exports.join("\n"), resolveDir: fileURLToPath(new URL("src/predict", frontend)), loader: "ts" },
  bundle: true,
  format: "esm",
  write: false,
});
const code = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
const { energy, isUnknown, measureInk } = await import(`data:text/javascript;base64,${code}`);

const { width, rejection, drawings } = JSON.parse(readFileSync(0, "utf8"));
const { min_edges: minEdges, max_edges: maxEdges, min_grey: minGrey, max_grey: maxGrey } = rejection.ink ?? {};
const ink = rejection.ink ? { minEdges, maxEdges, minGrey, maxGrey } : undefined;
process.stdout.write(JSON.stringify(drawings.map(answer)));

function answer({ bitmap, logits }) {
  const pixels = Uint8Array.from(Buffer.from(bitmap, "base64"));
  const unknown = isUnknown({ threshold: rejection.threshold, ink }, logits, pixels, width);
  return { ...measureInk(pixels, width), energy: energy(logits), unknown };
}
