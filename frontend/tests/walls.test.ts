import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SOURCE = fileURLToPath(new URL("../src", import.meta.url));

/** Each room, and the rooms it may import from besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  ink: [],
  "predict/shared": [],
  "predict/worker": ["predict/shared"],
  messages: [],
  "offline/shared": [],
  "offline/worker": ["offline/shared"],
  offline: ["offline/shared"],
  photo: [],
  "photo/worker": ["photo"],
  pad: ["ink", "messages"],
  predict: ["ink", "predict/shared"],
  server: ["ink"],
  "view/console": ["view", "server"],
  "view/draw": ["view", "ink", "messages", "pad", "photo", "predict", "server"],
  view: ["ink", "pad", "predict", "server"],
  runner: ["predict/shared"],
  early: ["predict"],
  main: ["early", "ink", "messages", "offline", "pad", "predict", "server", "view", "view/draw"],
  main_console: ["server", "view", "view/console"],
  main_api_docs: [],
};

const ROOMS = Object.keys(MAY_IMPORT).sort((one, other) => other.length - one.length);

function roomOf(file: string): string {
  const path = relative(SOURCE, file).replaceAll("\\", "/");
  const room = ROOMS.find((name) => path.startsWith(`${name}/`) || path === `${name}.ts`);
  if (room === undefined) throw new Error(`${path} is in no room: add its folder to MAY_IMPORT`);
  return room;
}

function importsOf(file: string): string[] {
  const found = readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...found].map((match) => join(dirname(file), match[1] ?? ""));
}

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !/\.(test|d)\.ts$/.test(name))
  .map((name) => join(SOURCE, name));

test("imports point one way: ink <- pad, predict, server <- view <- main", () => {
  const broken = files.flatMap((file) => {
    const room = roomOf(file);
    const allowed = [room, ...(MAY_IMPORT[room] ?? [])];
    return importsOf(file)
      .filter((imported) => imported.startsWith(SOURCE) && !allowed.includes(roomOf(imported)))
      .map((imported) => `${relative(SOURCE, file)} imports ${relative(SOURCE, imported)}`);
  });

  expect(files.length).toBeGreaterThan(40);
  expect(broken).toEqual([]);
});

test("nothing is newer than the oldest browsers that docs/circumstances.md names", () => {
  // Words of the language that are too new, tsconfig's lib does not know; these are of the DOM, whose types do.
  const tooNew = /\.aria[A-Z]\w*|\bResponse\.json\(|\bAbortSignal\.any\(/g;
  const found = files.flatMap((file) => {
    const matches = readFileSync(file, "utf8").match(tooNew) ?? [];
    return matches.map((name) => `${relative(SOURCE, file)} uses ${name}`);
  });

  expect(found).toEqual([]);
});

test("no page carries inline script or style: the content security policy forbids both", () => {
  for (const page of ["index.html", "console.html"]) {
    const html = readFileSync(join(SOURCE, "..", page), "utf8");

    expect(html).not.toMatch(/<style|style="|<script(?![^>]*src=)|\son\w+="/);
  }
});
