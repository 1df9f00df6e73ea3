import { beforeEach, describe, expect, test } from "vitest";
import { pageLock } from "../../src/offline/shared/messages.ts";
import type { Build } from "../../src/offline/worker/build.ts";
import { BuildCache } from "../../src/offline/worker/build_cache.ts";
import { sha256 } from "../../src/predict/sha256.ts";
import { FakeCaches, FakeSite } from "../testing/fake_caches.ts";

let caches: FakeCaches;
let site: FakeSite;
let locks: string[] | undefined;
let numPages: number;
let isSettled: boolean;

/** Put a build on the site, as a release does: only its files are there from now on. */
async function release(id: string, files: Record<string, string>, rare: string[] = []): Promise<Build> {
  site.files.clear();
  const hashes: Record<string, string> = {};
  for (const [path, content] of Object.entries(files)) {
    site.files.set(path, content);
    hashes[path] = await sha256(new TextEncoder().encode(content));
  }
  return { id, entry: `/assets/draw-${id}.js`, files: hashes, rare };
}

function open(build: Build): BuildCache {
  return new BuildCache(build, {
    caches: caches.asStorage,
    fetch: site.fetch,
    heldLocks: async () => locks,
    numPages: async () => numPages,
    isSettled: () => isSettled,
  });
}

async function textOf(answer: Promise<Response | undefined>): Promise<string | undefined> {
  return (await answer)?.text();
}

const ONE = { "/": "<one>", "/assets/draw-one.js": "one", "/assets/same.wasm": "wasm" };
const TWO = { "/": "<two>", "/assets/draw-two.js": "two", "/assets/same.wasm": "wasm" };

beforeEach(() => {
  caches = new FakeCaches();
  site = new FakeSite();
  locks = [];
  numPages = 1;
  isSettled = true;
});

test("every file of a build is kept, and given without a network", async () => {
  const builds = open(await release("one", ONE));
  await builds.keep();
  site.isDown = true;

  expect(await textOf(builds.find("/"))).toBe("<one>");
  expect(await textOf(builds.find("/assets/same.wasm"))).toBe("wasm");
});

test("what is given says nothing of how it travelled", async () => {
  const builds = open(await release("one", ONE));
  await builds.keep();

  expect((await builds.find("/"))?.headers.get("Content-Encoding")).toBeNull();
});

test("what only few need is kept once it was asked for", async () => {
  const builds = open(await release("one", { ...ONE, "/assets/rare.js": "rare" }, ["/assets/rare.js"]));
  await builds.keep();
  expect(site.asked).not.toContain("/assets/rare.js");

  await builds.find("/assets/rare.js");
  site.isDown = true;

  expect(await textOf(builds.find("/assets/rare.js"))).toBe("rare");
});

test("a kept file that has another SHA-256 is fetched again", async () => {
  const builds = open(await release("one", ONE));
  await builds.keep();
  site.asked.length = 0;
  await (await caches.open("doodle-build-one")).put("/assets/draw-one.js", new Response("onf"));

  expect(await textOf(builds.find("/assets/draw-one.js"))).toBe("one");
  expect(await textOf(builds.find("/assets/draw-one.js"))).toBe("one");
  expect(site.asked).toEqual(["/assets/draw-one.js"]);
});

test("a wrong file from a cache on the way is asked for past it; what stays wrong is not kept", async () => {
  const build = await release("one", ONE);
  site.broken.add("/assets/draw-one.js");
  await open(build).keep();
  expect(site.asked).toContain("/assets/draw-one.js (reload)");

  caches = new FakeCaches();
  site.files.set("/assets/draw-one.js", "of another build");

  await expect(open(build).keep()).rejects.toThrow("/assets/draw-one.js");
});

test("a build that could not be kept whole goes on where it was", async () => {
  const build = await release("one", ONE);
  site.files.delete("/assets/same.wasm");
  await expect(open(build).keep()).rejects.toThrow();
  site.files.set("/assets/same.wasm", "wasm");
  site.asked.length = 0;

  await open(build).keep();

  expect(site.asked).toEqual(["/assets/same.wasm"]);
});

test("a build that was lost is kept again by the next page, whole, and until then no other is removed", async () => {
  await open(await release("one", ONE)).keep();
  const newer = open(await release("two", TWO));
  await newer.keep();
  await caches.delete("doodle-build-two");
  site.isDown = true;
  await expect(newer.tidy()).rejects.toThrow("Failed to fetch");
  expect(await caches.keys()).toContain("doodle-build-one");

  site.isDown = false;
  site.asked.length = 0;
  await newer.tidy();

  expect(site.asked.sort()).toEqual(["/", "/assets/draw-two.js"]);
  site.isDown = true;
  expect(await textOf(newer.find("/"))).toBe("<two>");
  expect(await caches.keys()).toEqual(["doodle-build-two"]);
});

test("what was removed on purpose does not come back by a service worker that is being replaced", async () => {
  const builds = open(await release("one", ONE));
  await builds.keep();
  isSettled = false;
  await caches.delete("doodle-build-one");

  await builds.tidy();

  expect(await caches.keys()).toEqual([]);
});

test("a browser whose storage is full keeps nothing, and says so", async () => {
  caches.full = new DOMException("full", "QuotaExceededError");

  await expect(open(await release("one", ONE)).keep()).rejects.toThrow("full");
});

describe("a newer build", () => {
  async function update(): Promise<BuildCache> {
    await open(await release("one", ONE)).keep();
    site.asked.length = 0;
    const newer = open(await release("two", TWO));
    await newer.keep();
    return newer;
  }

  test("takes over what it has in common with the older one", async () => {
    await update();

    expect(site.asked.sort()).toEqual(["/", "/assets/draw-two.js"]);
  });

  test("is what the next page gets, while an open one still gets its own files", async () => {
    const newer = await update();
    locks = [pageLock("/assets/draw-one.js")];

    await newer.tidy();

    expect(await textOf(newer.find("/"))).toBe("<two>");
    expect(await textOf(newer.find("/assets/draw-one.js"))).toBe("one");
  });

  test("removes the older one when no page of it is open any more", async () => {
    const newer = await update();
    locks = [pageLock("/assets/draw-two.js")];

    await newer.tidy();

    expect(await caches.keys()).toEqual(["doodle-build-two"]);
    expect(await newer.find("/assets/draw-one.js")).toBeUndefined();
  });

  test("keeps the older one where nobody knows whose page is open, as long as there are others", async () => {
    const newer = await update();
    locks = undefined;
    numPages = 2;
    await newer.tidy();
    expect(await caches.keys()).toHaveLength(2);

    numPages = 1;
    await newer.tidy();

    expect(await caches.keys()).toEqual(["doodle-build-two"]);
  });

  test("is not removed by the older one's pages while it is being made, nor before a page of it is open", async () => {
    const older = open(await release("one", ONE));
    await older.keep();
    const newer = open(await release("two", TWO));
    isSettled = false;
    site.beforeAnswer = () => older.tidy();

    await newer.keep();
    await older.tidy();

    expect((await caches.keys()).sort()).toEqual(["doodle-build-one", "doodle-build-two"]);
    site.isDown = true;
    expect(await textOf(newer.find("/"))).toBe("<two>");
  });

  test("removes what another one has given up half done, and nothing of anybody else's", async () => {
    const newer = await update();
    await caches.open("doodle-build-half");
    await caches.open("doodle-model");

    await newer.tidy();

    expect((await caches.keys()).sort()).toEqual(["doodle-build-two", "doodle-model"]);
  });
});
