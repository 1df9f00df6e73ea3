import { expect, test } from "vitest";
import { findDrawPageFiles, findEntry, isRare } from "../../scripts/draw_page_files.mjs";

const PAGES = new Map([
  [
    "/index.html",
    '<link href="/favicon.svg"><script type="module" crossorigin src="/assets/draw-A1.js"></script><link href="/assets/draw-B2.css">',
  ],
  ["/console.html", '<script type="module" src="/assets/console-C3.js"></script>'],
  ["/favicon.svg", "<svg/>"],
  ["/openapi.json", "{}"],
  ["/sw.js", "of the build before: /assets/console-C3.js"],
  ["/assets/draw-A1.js", 'import("./round-D4.js"); new Worker("/assets/worker-E5.js"); go("/console.html")'],
  ["/assets/draw-B2.css", ""],
  ["/assets/round-D4.js", 'import"./shared-F6.js"'],
  ["/assets/shared-F6.js", 'import"./draw-A1.js"'],
  ["/assets/worker-E5.js", 'fetch("/assets/kernels-G7.wasm")'],
  ["/assets/kernels-G7.wasm", "\0asm draw console-C3.js"],
  ["/assets/console-C3.js", 'import"./shared-F6.js"'],
]);

test("the draw page's files are those it names, and those they name: chunks, styles, workers and what they load", () => {
  expect(findDrawPageFiles(PAGES)).toEqual([
    "/",
    "/assets/draw-A1.js",
    "/assets/draw-B2.css",
    "/assets/kernels-G7.wasm",
    "/assets/round-D4.js",
    "/assets/shared-F6.js",
    "/assets/worker-E5.js",
    "/favicon.svg",
  ]);
});

test("the start-up script is found, and it is a fault when there is none", () => {
  const early = '<script type="module" async src="/assets/early-H8.js"></script>';

  expect(findEntry(early + PAGES.get("/index.html"))).toBe("/assets/draw-A1.js");
  expect(() => findEntry("<html></html>")).toThrow("start-up script");
});

test("what runs without WebAssembly or without workers is rare", () => {
  expect(
    ["/assets/cpu_backend-A1.js", "/assets/page_network-B2.js", "/assets/draw-A1.js"].map(isRare),
  ).toEqual([true, true, false]);
});
