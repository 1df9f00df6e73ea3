/**
 * Lets index.html name what the draw page needs next, so that the browser fetches it while the first script is on its way:
 * the worker's script, the WebAssembly binary, and what is live. Whoever asks for them later finds them there.
 */

/** Of built files; the others of their kind belong to other pages and parts. */
const WORKER = /^assets\/worker-[\w-]+\.js$/;
const WASM = /^assets\/tfjs-backend-wasm-simd-[\w-]+\.wasm$/;

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
  const worker = find(files, WORKER);
  const wasm = find(files, WASM);
  return [
    { tag: "link", attrs: { rel: "modulepreload", as: "worker", href: `/${worker}` } },
    ...[`/${wasm}`, LIVE].map((href) => ({
      tag: "link",
      attrs: { rel: "preload", as: "fetch", crossorigin: true, href },
    })),
  ].map((link) => ({ ...link, injectTo: "head" }));
}

function find(files, pattern) {
  const found = files.filter((file) => pattern.test(file));
  if (found.length !== 1) throw new Error(`one file ${pattern} was expected, there are: ${found.join(", ")}`);
  return found[0];
}
