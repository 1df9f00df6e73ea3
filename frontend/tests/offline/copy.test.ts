import { beforeEach, expect, test, vi } from "vitest";
import { type CopySurroundings, OfflineCopy, UPDATE_SECONDS } from "../../src/offline/copy.ts";
import { holdPage } from "../../src/offline/hold_page.ts";
import { Offline } from "../../src/offline/offline.ts";
import type { KeepModel } from "../../src/offline/shared/messages.ts";

const LIVE = { deployment: 1, version: "aaaaaaaaaaaa", baseUrl: "/models/aaaaaaaaaaaa/", manifest: {} };

class FakeContainer extends EventTarget {
  controller: object | null = null;
  ready = Promise.resolve();
  trouble: Error | undefined;
  numUpdates = 0;
  messages: KeepModel[] = [];

  async register(): Promise<unknown> {
    if (this.trouble) throw this.trouble;
    return {
      active: { postMessage: (message: KeepModel) => this.messages.push(message) },
      update: async () => {
        this.numUpdates += 1;
      },
    };
  }

  takeOver(): void {
    this.controller = {};
    this.dispatchEvent(new Event("controllerchange"));
  }
}

let container: FakeContainer;
let now: number;
let comeIntoView: () => void;
let numNewBuilds: number;

function make(): Promise<OfflineCopy | undefined> {
  return OfflineCopy.make({
    container: container as unknown as ServiceWorkerContainer,
    nowSeconds: () => now,
    onVisible: (callback) => {
      comeIntoView = callback;
    },
  });
}

function makeOffline(load = make): Offline {
  return new Offline({
    container: container as unknown as ServiceWorkerContainer,
    onNewBuild: () => {
      numNewBuilds += 1;
    },
    load,
  });
}

beforeEach(() => {
  container = new FakeContainer();
  now = 0;
  numNewBuilds = 0;
});

test("the first service worker is of the page's own build, every later one of another", () => {
  makeOffline();

  container.takeOver();
  expect(numNewBuilds).toBe(0);

  container.takeOver();
  expect(numNewBuilds).toBe(1);
});

test("a page that came from a service worker hears of the next one, before anything is drawn", () => {
  container.controller = {};
  makeOffline();

  container.takeOver();

  expect(numNewBuilds).toBe(1);
});

test("a page that stays open looks for news now and then, when it is looked at", async () => {
  await make();
  comeIntoView();
  expect(container.numUpdates).toBe(0);

  now = UPDATE_SECONDS;
  comeIntoView();
  comeIntoView();

  expect(container.numUpdates).toBe(1);
});

test.each([
  ["a private window", new DOMException("no", "SecurityError")],
  ["a script that is not there", new TypeError("404")],
])("%s is no fault: there is no copy", async (_name, trouble) => {
  container.trouble = trouble;

  expect(await make()).toBeUndefined();
});

test("a browser without service workers has no copy", async () => {
  expect(await OfflineCopy.make({ container: undefined } as CopySurroundings)).toBeUndefined();
  new Offline({ container: undefined, onNewBuild: () => {}, load: make });
});

test("nothing is loaded before the first guess; then the model in use is kept, and each one after it", async () => {
  const load = vi.fn(make);
  const offline = makeOffline(load);
  offline.use(LIVE);
  expect(load).not.toHaveBeenCalled();

  offline.begin();
  offline.begin();
  await vi.waitFor(() => expect(container.messages).toHaveLength(1));
  offline.use({ ...LIVE, deployment: 2 });
  await vi.waitFor(() => expect(container.messages).toHaveLength(2));

  expect(load).toHaveBeenCalledTimes(1);
  expect(container.messages.map(({ live }) => live.deployment)).toEqual([1, 2]);
  expect(container.messages[0]?.live.base_url).toBe(LIVE.baseUrl);
});

test("a part of the page that cannot be loaded disturbs nobody", async () => {
  const offline = makeOffline(() => Promise.reject(new TypeError("Failed to fetch")));
  offline.begin();
  offline.use(LIVE);

  await new Promise((resolve) => setTimeout(resolve, 0));
});

test("a page says of which build it is, as long as it is open", async () => {
  const held: string[] = [];
  const locks = { request: async (name: string) => held.push(name) } as unknown as LockManager;

  holdPage("http://localhost:3030/assets/draw-one.js", locks);
  holdPage("http://localhost:3030/assets/draw-one.js", undefined);

  expect(held).toEqual(["doodle-page:/assets/draw-one.js"]);
});
