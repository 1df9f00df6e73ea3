import { expect, test } from "vitest";
import { type Asked, chooseRoute, type Route } from "../../src/offline/worker/routes.ts";

const SITE = "http://localhost:3030";
const FILES = new Set(["/", "/favicon.svg", "/assets/draw-one.js"]);

function choose(path: string, asked: Partial<Asked> = {}): Route {
  const url = path.startsWith("http") ? path : SITE + path;
  return chooseRoute({ method: "GET", mode: "cors", cache: "default", url, ...asked }, SITE, FILES);
}

test.each([
  ["/", "page"],
  ["/index.html", "page"],
  ["/?utm=1", "page"],
  ["/console.html", "network"],
  ["/api/docs", "network"],
  ["/models/0123456789ab/report.json", "network"],
])("going to %s: %s", (path, route) => {
  expect(choose(path, { mode: "navigate" })).toBe(route);
});

test.each([
  ["/favicon.svg", "file"],
  ["/assets/draw-one.js", "file"],
  // Of an older build, whose page is still open.
  ["/assets/draw-older.js", "file"],
  ["/models/0123456789ab/weights.bin", "version_file"],
  ["/models/elsewhere/weights.bin", "network"],
  ["/api/v1/models/live", "live"],
  ["/api/v1/models/live/more", "network"],
  ["/api/v1/events", "network"],
  ["/api/v1/doodles", "network"],
  ["/api/v1/stats", "network"],
  ["/openapi.json", "network"],
  ["/sw.js", "network"],
  ["https://elsewhere.example/assets/draw-one.js", "network"],
])("%s: %s", (path, route) => {
  expect(choose(path)).toBe(route);
});

test("nothing that is sent is touched, wherever it goes", () => {
  for (const method of ["POST", "PUT", "DELETE", "HEAD"]) {
    for (const path of ["/", "/api/v1/doodles", "/api/v1/models/live", "/assets/draw-one.js"]) {
      expect(choose(path, { method })).toBe("network");
    }
  }
});

test("who reloads a file has found the kept one to be wrong; which model is live is answered all the same", () => {
  expect(choose("/models/0123456789ab/weights.bin", { cache: "reload" })).toBe("network");
  expect(choose("/assets/draw-one.js", { cache: "reload" })).toBe("network");
  expect(choose("/api/v1/models/live", { cache: "no-store" })).toBe("live");
});
