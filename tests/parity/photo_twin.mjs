/**
 * Bundles frontend/src/photo with the frontend's own esbuild and finds drawings with it. Asked on stdin with one JSON line
 * per picture, `{width, height, rows, pixels}`: pixels as base64 of RGBA, handed over `rows` at a time; answers one
 * line each, `{strokes}` as lists of [x, y], or `{refused}`, with the milliseconds it took.
 */
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const frontend = new URL("../../frontend/", import.meta.url);
const { build } = await import(new URL("node_modules/esbuild/lib/main.js", frontend));
const bundle = await build({
  entryPoints: [fileURLToPath(new URL("src/photo/index.ts", frontend))],
  bundle: true,
  format: "esm",
  write: false,
});
const code = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
const { findStrokes, PhotoRefusedError, Shrinking } = await import(`data:text/javascript;base64,${code}`);

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}

function answer({ width, height, rows, pixels }) {
  const data = Uint8Array.from(Buffer.from(pixels, "base64"));
  const begin = performance.now();
  try {
    const shrinking = new Shrinking(width, height);
    for (let at = 0; at < data.length; at += rows * width * 4) shrinking.add(data.subarray(at, at + rows * width * 4));
    const strokes = findStrokes(shrinking.finish()).map((stroke) => stroke.map(({ x, y }) => [x, y]));
    return { strokes, milliseconds: performance.now() - begin };
  } catch (error) {
    if (!(error instanceof PhotoRefusedError)) throw error;
    return { refused: error.refusal, milliseconds: performance.now() - begin };
  }
}
