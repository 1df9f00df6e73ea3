import { beforeEach, expect, test } from "vitest";
import { Shadow } from "../../src/predict/shadow.ts";
import type { Fetch } from "../../src/predict/version_files.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { FakeNetwork, MODEL_JSON, makeManifest } from "../testing/manifests.ts";

const TRIED = { version: "bbbbbbbbbbbb", baseUrl: "/models/bbbbbbbbbbbb/" };
const OTHER = { version: "cccccccccccc", baseUrl: "/models/cccccccccccc/" };
const DRAWING = Uint8Array.of(0, 255);

/** Versions whose files are broken on the server. */
let broken: Set<string>;
let priorities: (string | undefined)[];
let networks: FakeNetwork[];
let clock: FakeClock;
/** Lets a test hold up the page's quiet moment. */
let idle: () => Promise<void>;
let shadow: Shadow;

const fetchFile: Fetch = async (url, { signal, priority }) => {
  signal?.throwIfAborted();
  priorities.push(priority);
  const [, version = "", file] = /models\/(\w+)\/(.+)/.exec(url) ?? [];
  if (file === "manifest.json") return new Response(JSON.stringify(await makeManifest(version, version)));
  if (file === "model.json") return new Response(MODEL_JSON);
  return new Response(broken.has(version) ? "broken" : version);
};

class SilentNetwork extends FakeNetwork {
  isSilent = false;

  override async ask(bitmap: Uint8Array, signal: AbortSignal): Promise<Float32Array> {
    if (!this.isSilent) return super.ask(bitmap, signal);
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  }
}

let next: () => FakeNetwork;

beforeEach(() => {
  broken = new Set();
  priorities = [];
  networks = [];
  clock = new FakeClock();
  idle = async () => {};
  next = () => new FakeNetwork();
  shadow = new Shadow({
    fetch: fetchFile,
    loadNetwork: async () => {
      const network = next();
      networks.push(network);
      return network;
    },
    idle: () => idle(),
    later: clock.later,
  });
});

test("it answers with the label it puts first, of the version it is, fetched after everything else", async () => {
  await shadow.follow(TRIED);

  const answer = await shadow.answer(DRAWING);

  expect(answer).toMatchObject({ version: TRIED.version, guess: "cat" });
  expect(answer?.confidence).toBeCloseTo(1 / (1 + Math.exp(-3)), 6);
  expect(priorities).toEqual(["low", "low", "low"]);
});

test("without a shadow nothing is asked", async () => {
  await shadow.follow(undefined);

  expect(await shadow.answer(DRAWING)).toBeUndefined();
  expect(priorities).toEqual([]);
});

test("it is loaded once, and freed when it ends or another one is named", async () => {
  await shadow.follow(TRIED);
  await shadow.follow({ ...TRIED });
  await shadow.follow(OTHER);
  expect(networks.map(({ forgotten }) => forgotten)).toEqual([true, false]);

  await shadow.follow(undefined);

  expect(networks.map(({ forgotten }) => forgotten)).toEqual([true, true]);
  expect(await shadow.answer(DRAWING)).toBeUndefined();
});

test("one that ends while it loads leaves nothing behind", async () => {
  const held: (() => void)[] = [];
  idle = () => new Promise((resolve) => held.push(resolve));
  const loading = shadow.follow(TRIED);

  await shadow.follow(undefined);
  for (const release of held) release();
  await loading;

  expect(networks).toEqual([]);
  expect(clock.pending).toEqual([]);
});

test("one that was overtaken while its network was made is freed", async () => {
  let ended: Promise<void> = Promise.resolve();
  next = () => {
    ended = shadow.follow(undefined);
    return new FakeNetwork();
  };

  await shadow.follow(TRIED);
  await ended;

  expect(networks.map(({ forgotten }) => forgotten)).toEqual([true]);
});

test("a broken file or a failed self-check costs its answers and nothing else; it is tried again later", async () => {
  broken.add(TRIED.version);

  await shadow.follow(TRIED);
  expect(await shadow.answer(DRAWING)).toBeUndefined();
  expect(clock.pending).toEqual([60]);
  broken.clear();
  clock.pass(60);

  await expect.poll(() => shadow.answer(DRAWING)).toMatchObject({ version: TRIED.version });
});

test("what was to be tried again and has ended is not", async () => {
  next = () => new FakeNetwork([0, 9]);
  await shadow.follow(TRIED);
  await shadow.follow(undefined);
  priorities = [];

  clock.pass(60);

  expect(priorities).toEqual([]);
  expect(networks.map(({ forgotten }) => forgotten)).toEqual([true]);
});

test("a folder that holds another version is no shadow", async () => {
  await shadow.follow({ version: TRIED.version, baseUrl: OTHER.baseUrl });

  expect(await shadow.answer(DRAWING)).toBeUndefined();
  expect(networks.map(({ forgotten }) => forgotten)).toEqual([true]);
});

test("a drawing of another shape is not its business", async () => {
  await shadow.follow(TRIED);

  expect(await shadow.answer(Uint8Array.of(0, 255, 0))).toBeUndefined();
});

test("nobody waits for one that does not answer", async () => {
  const silent = new SilentNetwork();
  next = () => silent;
  await shadow.follow(TRIED);
  silent.isSilent = true;

  expect(await shadow.answer(DRAWING)).toBeUndefined();
});
