/**
 * Writes sw.js and sw_off.js beside the built pages: after every `vite build`, or by hand for a folder of pages:
 * `node scripts/service_worker.mjs dist`.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { findDrawPageFiles, findEntry, isRare } from "./draw_page_files.mjs";

const SOURCES = fileURLToPath(new URL("../src/offline/worker/", import.meta.url));

/** Vite's plugin: the files and their hashes are known when everything has been written. */
export function serviceWorker() {
  let folder = "dist";
  return {
    name: "service-worker",
    apply: "build",
    configResolved({ root, build: { outDir } }) {
      folder = resolve(root, outDir);
    },
    async writeBundle() {
      await writeServiceWorkers(folder);
    },
  };
}

/** @param {string} folder of built pages. */
export async function writeServiceWorkers(folder) {
  const define = { BUILD: JSON.stringify(describeBuild(folder)) };
  await build({
    entryPoints: { sw: join(SOURCES, "sw.ts"), sw_off: join(SOURCES, "sw_off.ts") },
    outdir: folder,
    define,
    bundle: true,
    minify: true,
    // A module would not do: not every browser that has service workers takes one.
    format: "iife",
    target: "es2022",
    logLevel: "warning",
  });
}

/** What `src/offline/worker/build.ts` describes. */
function describeBuild(folder) {
  const contents = readFiles(folder);
  const texts = new Map([...contents].map(([path, content]) => [path, content.toString("latin1")]));
  const files = {};
  for (const path of findDrawPageFiles(texts)) {
    files[path] = hash(contents.get(path === "/" ? "/index.html" : path));
  }
  const described = {
    entry: findEntry(texts.get("/index.html")),
    files,
    rare: Object.keys(files).filter(isRare),
  };
  return { id: hash(JSON.stringify(described)).slice(0, 12), ...described };
}

/** Every file by its path below the folder, with a slash before it. */
function readFiles(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    names.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length).replaceAll("\\", "/").replace(/^\/?/, "/"), readFileSync(path)];
    }),
  );
}

function hash(content) {
  return createHash("sha256").update(content).digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeServiceWorkers(process.argv[2] ?? "dist");
