/**
 * Lets index.html begin with what cannot begin too early: the script that starts the worker, without waiting for anything
 * else, and the question what is live, whose answer the page's script finds there.
 */

/** Of built files: `src/early.ts`. */
const EARLY = /^assets\/early-[\w-]+\.js$/;

/** What the draw page asks first (src/server/live_model.ts). */
const LIVE = "/api/v1/models/live";

/** A plugin for Vite. */
export function earlyFiles() {
  return {
    name: "early-files",
    transformIndexHtml: {
      order: "post",
      handler(_html, { path, bundle }) {
        return bundle && path === "/index.html" ? nameFiles(Object.keys(bundle)) : [];
      },
    },
  };
}

/** @param {string[]} files built, relative to the site's root. */
function nameFiles(files) {
  const early = files.filter((file) => EARLY.test(file));
  if (early.length !== 1) throw new Error(`one file ${EARLY} was expected, there are: ${early.join(", ")}`);
  return [
    { tag: "script", attrs: { type: "module", async: true, crossorigin: true, src: `/${early[0]}` } },
    { tag: "link", attrs: { rel: "preload", as: "fetch", crossorigin: true, href: LIVE } },
  ].map((tag) => ({ ...tag, injectTo: "head" }));
}
