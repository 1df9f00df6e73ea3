import { beforeEach, expect, test } from "vitest";
import { type LiveAnswer, Model } from "../../src/predict/model.ts";
import type { Fetch } from "../../src/predict/version_files.ts";
import { FakeNetwork, MODEL_JSON, makeManifest } from "../testing/manifests.ts";

const OLD = "aaaaaaaaaaaa";
const NEW = "bbbbbbbbbbbb";

/** The server's files by URL; a version's weights are its own name. */
let files: Map<string, string>;
let fetched: string[];
let networks: FakeNetwork[];
let model: Model;

const fetchFile: Fetch = async (url, { signal, cache }) => {
  signal?.throwIfAborted();
  fetched.push(cache === "reload" ? `${url} (reload)` : url);
  const content = files.get(url);
  return content === undefined ? new Response("", { status: 404 }) : new Response(content);
};

async function publish(version: string): Promise<LiveAnswer> {
  const baseUrl = `/models/${version}/`;
  files.set(`${baseUrl}model.json`, MODEL_JSON);
  files.set(`${baseUrl}weights.bin`, version);
  return { version, baseUrl, manifest: await makeManifest(version, version) };
}

function loadNext(network: FakeNetwork): FakeNetwork {
  networks.push(network);
  return network;
}

beforeEach(() => {
  files = new Map();
  fetched = [];
  networks = [];
  model = new Model(fetchFile, async () => networks.shift() ?? new FakeNetwork());
});

test("a right version is loaded and swapped in, and the old one is freed only then", async () => {
  const old = loadNext(new FakeNetwork());
  await model.follow(await publish(OLD));

  const outcome = await model.follow(await publish(NEW));

  expect(outcome).toEqual({ kind: "swapped", from: OLD, to: NEW });
  expect(model.current?.manifest.version).toBe(NEW);
  expect(old.forgotten).toBe(true);
});

test("the version in use is not loaded again", async () => {
  const live = await publish(OLD);
  await model.follow(live);
  fetched = [];

  expect(await model.follow(live)).toEqual({ kind: "unchanged" });
  expect(fetched).toEqual([]);
});

test("a file with another hash is asked for once more past all caches, then refused: the old model stays", async () => {
  const old = loadNext(new FakeNetwork());
  await model.follow(await publish(OLD));
  const live = await publish(NEW);
  files.set(`/models/${NEW}/weights.bin`, "bbbbbbbbbbbX");

  const outcome = await model.follow(live);

  expect(outcome).toMatchObject({ kind: "kept", refused: NEW, reason: { name: "FileMismatchError" } });
  expect(fetched).toContain(`/models/${NEW}/weights.bin (reload)`);
  expect(model.current?.network).toBe(old);
  expect(old.forgotten).toBe(false);
});

test("a file of another size is refused", async () => {
  const live = await publish(NEW);
  files.set(`/models/${NEW}/weights.bin`, "short");

  expect(await model.follow(live)).toMatchObject({ kind: "kept", reason: { name: "FileMismatchError" } });
});

test("a network that fails the self-check is freed, and the old model stays", async () => {
  const old = loadNext(new FakeNetwork());
  await model.follow(await publish(OLD));
  const wrong = loadNext(new FakeNetwork([2, -1.1]));

  const outcome = await model.follow(await publish(NEW));

  expect(outcome).toMatchObject({ kind: "kept", reason: { name: "SelfCheckError" } });
  expect(wrong.forgotten).toBe(true);
  expect(model.current?.network).toBe(old);
});

test("a broken manifest or a missing file is an outcome, not an exception", async () => {
  const live = await publish(NEW);
  files.delete(`/models/${NEW}/model.json`);

  expect(await model.follow(live)).toMatchObject({ kind: "kept", refused: NEW });
  expect(await model.follow({ ...live, manifest: {} })).toMatchObject({ reason: { name: "ManifestError" } });
});

test("a version that is on its way is not loaded a second time", async () => {
  const live = await publish(NEW);
  const first = model.follow(live);
  const second = model.follow(live);

  expect(await first).toMatchObject({ kind: "swapped", to: NEW });
  expect(await second).toEqual({ kind: "unchanged" });
  expect(fetched).toHaveLength(2);
});

test("a newer deployment overtakes the one that is still loading", async () => {
  const [old, newer] = [await publish(OLD), await publish(NEW)];
  const first = model.follow(old);
  const second = model.follow(newer);

  expect(await first).toEqual({ kind: "overtaken" });
  expect(await second).toMatchObject({ kind: "swapped", to: NEW });
  expect(model.current?.manifest.version).toBe(NEW);
});

test("a version that was refused can be used when it is right later", async () => {
  const live = await publish(NEW);
  files.set(`/models/${NEW}/weights.bin`, "short");
  await model.follow(live);
  files.set(`/models/${NEW}/weights.bin`, NEW);

  expect(await model.follow(live)).toMatchObject({ kind: "swapped", to: NEW });
});
