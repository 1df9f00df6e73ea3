/**
 * Bundles frontend/src/ink with the frontend's own esbuild and draws with it: a question as JSON on stdin, the answer on
 * stdout. A question holds height, width and drawings, each `{strokes}` as the pen drew them or `{ink}` to rasterise.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const frontend = new URL("../../frontend/", import.meta.url);
const { build } = await import(new URL("node_modules/esbuild/lib/main.js", frontend));
const bundle = await build({
  entryPoints: [fileURLToPath(new URL("src/ink/index.ts", frontend))],
  bundle: true,
  format: "esm",
  write: false,
});
const code = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
const { BOX_MAX, draw, INK_LIMITS, rasterise } = await import(`data:text/javascript;base64,${code}`);

const { height, width, drawings } = JSON.parse(readFileSync(0, "utf8"));
const limits = { ...INK_LIMITS, boxMax: BOX_MAX };
process.stdout.write(JSON.stringify({ limits, answers: drawings.map(answer) }));

function answer({ strokes, ink }) {
  const read = strokes?.map((stroke) => stroke.map(({ x, y }) => ({ x: Number(x), y: Number(y) })));
  const begin = performance.now();
  try {
    const drawn = read ? draw(read, height, width) : { ink, bitmap: rasterise(ink, height, width) };
    const milliseconds = performance.now() - begin;
    return { ink: drawn.ink, bitmap: Buffer.from(drawn.bitmap).toString("base64"), milliseconds };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { refused: error.message, milliseconds: performance.now() - begin };
  }
}
