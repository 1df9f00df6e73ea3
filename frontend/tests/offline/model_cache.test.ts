import { beforeEach, expect, test } from "vitest";
import type { KeptLive } from "../../src/offline/shared/messages.ts";
import { ModelCache } from "../../src/offline/worker/model_cache.ts";
import { FakeCaches, FakeSite } from "../testing/fake_caches.ts";
import { MODEL_JSON, makeManifest } from "../testing/manifests.ts";

const OLD = "aaaaaaaaaaaa";
const NEW = "bbbbbbbbbbbb";

let caches: FakeCaches;
let site: FakeSite;
let models: ModelCache;

/** Put a version on the site; its weights are its own name. */
async function publish(version: string): Promise<KeptLive> {
  const base_url = `/models/${version}/`;
  site.files.set(`${base_url}model.json`, MODEL_JSON);
  site.files.set(`${base_url}weights.bin`, version);
  return { deployment: 1, version, base_url, manifest: await makeManifest(version, version) };
}

async function keptVersion(): Promise<string | undefined> {
  return ((await (await models.findLive())?.json()) as KeptLive | undefined)?.version;
}

beforeEach(() => {
  caches = new FakeCaches();
  site = new FakeSite();
  models = new ModelCache(caches.asStorage, site.fetch);
});

test("a model is kept with the files a page needs, and the answer that names them", async () => {
  const live = await publish(NEW);

  await models.keep(live);

  expect(await (await models.findLive())?.json()).toEqual(live);
  expect(await (await models.find(`/models/${NEW}/weights.bin`))?.text()).toBe(NEW);
});

test("one model is kept at a time, the last one", async () => {
  const [old, newer] = [await publish(OLD), await publish(NEW)];

  await Promise.all([models.keep(old), models.keep(newer)]);

  expect(await keptVersion()).toBe(NEW);
  expect(await models.find(`/models/${OLD}/weights.bin`)).toBeUndefined();
});

test("the answer is not kept before its files: what cannot be had leaves the old model whole", async () => {
  await models.keep(await publish(OLD));
  const newer = await publish(NEW);
  site.files.set(`/models/${NEW}/weights.bin`, "wrong");

  await expect(models.keep(newer)).rejects.toThrow("weights.bin");

  expect(await keptVersion()).toBe(OLD);
  expect(await (await models.find(`/models/${OLD}/weights.bin`))?.text()).toBe(OLD);
});

test("a kept file is not fetched again, unless it is broken", async () => {
  const live = await publish(NEW);
  await models.keep(live);
  site.asked.length = 0;
  await models.keep(live);
  expect(site.asked).toEqual([]);

  await (await caches.open("doodle-model")).put(`/models/${NEW}/weights.bin`, new Response("broken"));
  await models.keep(live);

  expect(site.asked).toEqual([`/models/${NEW}/weights.bin`]);
  expect(await (await models.find(`/models/${NEW}/weights.bin`))?.text()).toBe(NEW);
});

test("what is no live model of ours is refused, and the next one is kept all the same", async () => {
  const live = await publish(NEW);
  await expect(models.keep({ ...live, base_url: "https://elsewhere.example/" })).rejects.toThrow(TypeError);
  await expect(models.keep({ ...live, manifest: {} })).rejects.toThrow(TypeError);

  await models.keep(live);

  expect(await keptVersion()).toBe(NEW);
});
