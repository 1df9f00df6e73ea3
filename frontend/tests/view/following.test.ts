import { beforeEach, expect, test } from "vitest";
import type { Manifest } from "../../src/predict/manifest.ts";
import { type LoadedModel, Model } from "../../src/predict/model.ts";
import type { NamedShadow } from "../../src/predict/shadow.ts";
import { type JsonAnswer, RefusedError, UnreachableError } from "../../src/server/http.ts";
import { LiveModelClient } from "../../src/server/live_model.ts";
import { Following, type ModelListener } from "../../src/view/draw/following.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { FakeNetwork, MODEL_JSON, makeManifest } from "../testing/manifests.ts";

const OLD = "aaaaaaaaaaaa";
const NEW = "bbbbbbbbbbbb";

class FakePage implements ModelListener {
  isWaiting = true;
  known: string[] = [];
  guessing: string[] = [];
  headlines: string[] = [];

  know({ version }: Manifest): void {
    this.isWaiting = false;
    this.known.push(version);
  }

  guessWith({ manifest }: LoadedModel): void {
    this.guessing.push(manifest.version);
  }

  wait(headline: string): void {
    this.headlines.push(headline);
  }
}

let clock: FakeClock;
let page: FakePage;
let notices: string[];
let numAsked: number;
/** Versions the page was said to guess with. */
let used: string[];
let model: Model;
let following: Following;
/** What the page was told of shadows, in order. */
let shadows: (string | undefined)[];
/** What the server says is live, or the error it answers with. */
let live: { deployment: number; version: string; shadow?: string | undefined } | Error;
/** Versions whose weights are broken on the server. */
let broken: Set<string>;
/** Lets a test hold up the files. */
let beforeFile: () => Promise<void>;

const fakeShadow = {
  isNamed: false,
  async follow(named: NamedShadow | undefined): Promise<void> {
    if (named || this.isNamed) shadows.push(named?.version);
    this.isNamed = named !== undefined;
  },
};

/** Let everything that is under way come to an end. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function answerLive(): Promise<JsonAnswer> {
  numAsked += 1;
  if (live instanceof Error) throw live;
  const { deployment, version, shadow } = live;
  const body = {
    shadow: shadow === undefined ? null : { version: shadow, base_url: `/models/${shadow}/` },
    deployment,
    version,
    base_url: `/models/${version}/`,
    manifest: await makeManifest(version, version),
  };
  return { status: 200, headers: new Headers(), body };
}

async function fetchFile(url: string): Promise<Response> {
  await beforeFile();
  const [, version = "", file] = /models\/(\w+)\/(.+)/.exec(url) ?? [];
  if (file === "model.json") return new Response(MODEL_JSON);
  return new Response(broken.has(version) ? "broken" : version);
}

beforeEach(() => {
  clock = new FakeClock();
  page = new FakePage();
  notices = [];
  used = [];
  numAsked = 0;
  shadows = [];
  fakeShadow.isNamed = false;
  broken = new Set();
  beforeFile = async () => {};
  model = new Model(fetchFile, async () => new FakeNetwork());
  following = new Following({
    client: new LiveModelClient(answerLive),
    model,
    page,
    shadow: fakeShadow,
    notify: (words) => notices.push(words),
    onUse: ({ version }) => used.push(version),
    later: clock.later,
    chance: () => 0,
  });
  live = { deployment: 1, version: OLD };
});

test("the first model is taken up without a notice, the labels before its files", async () => {
  beforeFile = async () => expect(page.known).toEqual([OLD]);

  await following.refresh();

  expect(page.guessing).toEqual([OLD]);
  expect(notices).toEqual([]);
});

test("a deployment that is announced is followed, with a quiet notice", async () => {
  await following.refresh();
  live = { deployment: 2, version: NEW };

  following.hear(live);
  await expect.poll(() => page.guessing).toEqual([OLD, NEW]);

  expect(notices).toEqual([`A new model is live: ${NEW}. Your drawing stays.`]);
});

test("the stream's first event, which repeats what is known, asks nothing", async () => {
  await following.refresh();
  live = new Error("must not be asked");

  following.hear({ deployment: 1, version: OLD });

  expect(clock.pending).toEqual([]);
});

test("a shadow is heard of after the live model is in use, and its end at the next word from the stream", async () => {
  live = { deployment: 1, version: OLD, shadow: NEW };
  await following.refresh();
  expect(page.guessing).toEqual([OLD]);
  await expect.poll(() => shadows).toEqual([NEW]);
  live = { deployment: 1, version: OLD };

  following.hear({ deployment: 1, version: OLD });

  await expect.poll(() => shadows).toEqual([NEW, undefined]);
  expect(notices).toEqual([]);
});

test("beside a live model that cannot be used there is no shadow", async () => {
  broken.add(OLD);
  live = { deployment: 1, version: OLD, shadow: NEW };

  await following.refresh();

  expect(shadows).toEqual([]);
});

test("a rollback to the version in use stops the loading of the one between", async () => {
  await following.refresh();
  const held: (() => void)[] = [];
  beforeFile = () => new Promise((resolve) => held.push(resolve));
  live = { deployment: 2, version: NEW };
  const loading = following.refresh();
  await expect.poll(() => held.length).toBe(2);

  live = { deployment: 3, version: OLD };
  following.hear(live);
  await following.refresh();
  for (const release of held) release();
  await loading;

  expect(model.current?.manifest.version).toBe(OLD);
});

test("a model that cannot be used is said once, tried again, and used when it is right", async () => {
  await following.refresh();
  broken.add(NEW);
  live = { deployment: 2, version: NEW };

  await following.refresh();
  clock.pass(1);
  await expect.poll(() => clock.pending).toEqual([2]);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain(`I go on guessing with ${OLD}`);
  broken.clear();
  clock.pass(2);

  await expect.poll(() => page.guessing).toEqual([OLD, NEW]);
});

test.each([
  ["nothing is live yet", new RefusedError(503, "No model is live.", undefined), "Not ready yet"],
  ["nobody answers", new UnreachableError("no network"), "The server does not answer"],
])("while %s the page says so, and goes on by itself", async (_case, trouble, headline) => {
  const right = live;
  live = trouble;

  await following.refresh();
  expect(page.headlines).toEqual([headline]);
  live = right;
  clock.pass(1);

  await expect.poll(() => page.guessing).toEqual([OLD]);
});

test("a page that has its model says nothing when the server is away for a while", async () => {
  await following.refresh();
  live = new UnreachableError("no network");

  await following.refresh();

  expect(page.headlines).toEqual([]);
  expect(notices).toEqual([]);
});

test("only what the page really guesses with is said to be in use", async () => {
  await following.refresh();
  broken.add(NEW);
  live = { deployment: 2, version: NEW };
  await following.refresh();
  live = { deployment: 3, version: OLD };
  await following.refresh();

  expect(used).toEqual([OLD]);
});

test("what is announced while the page asks is not asked about again, unless the answer was older", async () => {
  const refreshing = following.refresh();
  following.hear({ deployment: 1 });
  await refreshing;
  await settle();
  expect(numAsked).toBe(1);

  const again = following.refresh();
  following.hear({ deployment: 2 });
  await again;
  await settle();
  expect(numAsked).toBe(3);
});
