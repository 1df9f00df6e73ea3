/** Which requests are answered here, and how: everything else goes its way as if there were no service worker. */

/** page: the draw page; file: one of its files; version_file: a model's; live: which model is live. */
export type Route = "page" | "file" | "version_file" | "live" | "network";

export const LIVE_PATH = "/api/v1/models/live";

const PAGE_PATHS = new Set(["/", "/index.html"]);
const VERSION_FILE = /^\/models\/[0-9a-f]{12}\/[a-z0-9_][a-z0-9_.]*$/;

/** What is decided by; a `Request` has it. */
export type Asked = Pick<Request, "method" | "mode" | "url" | "cache">;

/**
 * Choose how a request is answered.
 *
 * @param origin of this service worker: nothing else is touched.
 * @param files paths of the draw page's files.
 */
export function chooseRoute(asked: Asked, origin: string, files: ReadonlySet<string>): Route {
  const { origin: to, pathname } = new URL(asked.url);
  if (asked.method !== "GET" || to !== origin) return "network";
  if (asked.mode === "navigate") return PAGE_PATHS.has(pathname) ? "page" : "network";
  if (pathname === LIVE_PATH) return "live";
  // Who reloads has found what is kept to be wrong.
  if (asked.cache === "reload") return "network";
  if (VERSION_FILE.test(pathname)) return "version_file";
  return files.has(pathname) || pathname.startsWith("/assets/") ? "file" : "network";
}
