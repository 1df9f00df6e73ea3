/** Which of the built files are the draw page's: what index.html names, what those name, and so on. */

/** Files whose text may name others. */
const READABLE = /\.(html|js|css|webmanifest)$/;

/** Chunks that only devices without WebAssembly or workers ask for. */
const RARE = /^\/assets\/(cpu_backend|page_network)-/;

/**
 * Find them.
 *
 * @param {ReadonlyMap<string, string>} texts content of each built file by its path ("/index.html"); names with a hash
 *   in them are found wherever they are mentioned, whatever mentions them.
 * @returns {string[]} paths, sorted, with "/" in the place of "/index.html".
 */
export function findDrawPageFiles(texts) {
  const found = new Set(["/index.html"]);
  for (const path of found) {
    if (!READABLE.test(path)) continue;
    const text = texts.get(path) ?? "";
    for (const other of texts.keys()) {
      if (other.endsWith(".html") || other.startsWith("/sw")) continue;
      // A chunk names its neighbours without their folder.
      const name = other.startsWith("/assets/") ? other.slice("/assets/".length) : `"${other}"`;
      if (text.includes(name)) found.add(other);
    }
  }
  found.delete("/index.html");
  return ["/", ...found].sort();
}

/** Tell whether only few devices need a file. @param {string} path */
export function isRare(path) {
  return RARE.test(path);
}

/**
 * Find the page's start-up script: the one `src/main.ts` is in, which says of itself where it comes from.
 *
 * @param {string} html of index.html.
 * @returns {string} its path.
 */
export function findEntry(html) {
  const entry = /<script type="module"[^>]* src="(\/assets\/draw-[^"]+)"/.exec(html)?.[1];
  if (entry === undefined) throw new Error("index.html names no start-up script /assets/draw-…");
  return entry;
}
