import { beforeEach, expect, test } from "vitest";
import { type AnswerSurroundings, answer, LIVE_PATIENCE_SECONDS } from "../../src/offline/worker/answers.ts";
import type { BuildCache } from "../../src/offline/worker/build_cache.ts";
import type { ModelCache } from "../../src/offline/worker/model_cache.ts";
import { FakeClock } from "../testing/fake_clock.ts";

let clock: FakeClock;
/** What is kept, by path; an Error is what looking for it throws. */
let kept: Map<string, string | Error>;
/** What the network does. */
let network: () => Promise<Response>;
let asked: string[];

async function find(path: string): Promise<Response | undefined> {
  const content = kept.get(path);
  if (content instanceof Error) throw content;
  return content === undefined ? undefined : new Response(content);
}

function around(): AnswerSurroundings {
  return {
    builds: { find } as unknown as BuildCache,
    models: { find, findLive: () => find("live") } as unknown as ModelCache,
    fetch: (request) => {
      asked.push(new URL(request.url).pathname);
      return network();
    },
    later: clock.later,
  };
}

async function say(route: "page" | "file" | "version_file" | "live", path = "/x"): Promise<string> {
  return (await answer(route, new Request(`http://localhost${path}`), around())).text();
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

beforeEach(() => {
  clock = new FakeClock();
  kept = new Map();
  asked = [];
  network = async () => new Response("fresh");
});

test.each([
  ["page", "/index.html", "/"],
  ["file", "/assets/a.js", "/assets/a.js"],
  ["version_file", "/models/0123456789ab/weights.bin", "/models/0123456789ab/weights.bin"],
] as const)("a %s that is kept is given without asking anybody", async (route, path, key) => {
  kept.set(key, "kept");

  expect(await say(route, path)).toBe("kept");
  expect(asked).toEqual([]);
});

test("what is not kept comes from the network, as it was asked for", async () => {
  expect(await say("file", "/assets/a.js")).toBe("fresh");
  expect(asked).toEqual(["/assets/a.js"]);
});

test("where the browser cannot read what it keeps, the network is asked", async () => {
  kept.set("/assets/a.js", new DOMException("broken", "UnknownError"));

  expect(await say("file", "/assets/a.js")).toBe("fresh");
});

test("which model is live is the server's to say", async () => {
  kept.set("live", "kept");

  expect(await say("live")).toBe("fresh");
});

test.each([
  ["no network", () => Promise.reject(new TypeError("Failed to fetch"))],
  ["a server that is down", async () => new Response("", { status: 502 })],
])("with %s the kept model is the live one", async (_name, trouble) => {
  kept.set("live", "kept");
  network = trouble;

  expect(await say("live")).toBe("kept");
});

test("a slow network is not waited for where a model is kept", async () => {
  kept.set("live", "kept");
  network = () => new Promise(() => {});
  const answering = say("live");
  await settle();

  clock.pass(LIVE_PATIENCE_SECONDS);

  expect(await answering).toBe("kept");
});

test("where nothing is kept the page hears what there is to hear", async () => {
  network = async () => new Response("not ready", { status: 503 });
  expect(await say("live")).toBe("not ready");

  network = () => Promise.reject(new TypeError("Failed to fetch"));
  await expect(say("live")).rejects.toThrow(TypeError);
});
