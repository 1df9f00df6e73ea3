import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { transformSync } from "esbuild";
import { expect, test } from "vitest";

const SCRIPT = readFileSync(new URL("../../public/start_check.js", import.meta.url), "utf8");

/** A browser that has what the page needs, as far as the script looks. */
function browser() {
  const said: string[] = [];
  let whenLoaded = () => {};
  const element = () => ({
    setAttribute() {},
    style: {},
    noModule: false,
    appendChild() {},
    getContext: () => ({}),
  });
  const window: Record<string, unknown> = {
    PointerEvent: {},
    fetch: {},
    AbortSignal: { timeout: {} },
    crypto: { getRandomValues: {} },
    navigator: { language: "en-GB" },
    document: {
      createElement: element,
      createTextNode: (words: string) => said.push(words),
      addEventListener: (_type: string, listener: () => void) => {
        whenLoaded = listener;
      },
      body: { insertBefore() {}, firstChild: null },
      documentElement: { hasAttribute: () => true },
    },
  };
  window["window"] = window;
  const run = () => {
    runInContext(SCRIPT, createContext(window));
    whenLoaded();
    return said.join();
  };
  return { window, document: window["document"] as Record<string, unknown>, run };
}

test("a page that has started in a browser that has everything is left alone", () => {
  expect(browser().run()).toBe("");
});

test.each([
  ["PointerEvent", "pointer events"],
  ["fetch", "fetch"],
  ["AbortSignal", "AbortSignal.timeout"],
  ["crypto", "crypto.getRandomValues"],
])("a browser without %s is told so by name", (name, words) => {
  const { window, run } = browser();
  delete window[name];

  expect(run()).toMatch(`it has no ${words}.`);
});

test("a browser without modules or canvas is told of both, in German where it speaks it", () => {
  const { window, document, run } = browser();
  document["createElement"] = () => ({ setAttribute() {}, style: {}, appendChild() {} });
  window["navigator"] = { language: "de-AT" };

  expect(run()).toMatch("Ihm fehlt: JavaScript modules, canvas.");
});

test("a page whose own script has not run says that it did not arrive", () => {
  const { document, run } = browser();
  document["documentElement"] = { hasAttribute: () => false };

  expect(run()).toMatch("did not arrive");
});

test("the script can be read by browsers that know nothing newer than ECMAScript 5", () => {
  // What would have to be rewritten for them is refused, where esbuild cannot: classes, for instance.
  const rewritten = transformSync(SCRIPT, { target: "es5", minifyWhitespace: true }).code;

  expect(rewritten).toBe(transformSync(SCRIPT, { target: "esnext", minifyWhitespace: true }).code);
});
