import { beforeEach, describe, expect, test } from "vitest";
import type { Doodle } from "../../src/server/doodles.ts";
import { RefusedError } from "../../src/server/http.ts";
import { type Delivery, Outbox, PUT_PATIENCE_SECONDS } from "../../src/server/outbox.ts";
import { MemoryOutboxStore } from "../../src/server/outbox_store.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { FakeServer } from "../testing/fake_server.ts";

let server: FakeServer;
let store: MemoryOutboxStore;
let clock: FakeClock;
let waiting: number[];
let refused: string[];

function open(alone = (work: () => Promise<void>) => work()): Outbox {
  return new Outbox({
    store,
    request: server.request,
    alone,
    later: clock.later,
    chance: () => 0,
    onWaiting: (numDoodles) => waiting.push(numDoodles),
    onRefused: (reason) => refused.push(reason),
  });
}

function doodle(id: string): Doodle {
  return {
    id,
    label: "cat",
    bitmap: "",
    strokes: [],
    guess: null,
    confidence: null,
    model_version: null,
    known: null,
  };
}

/** Let time pass and everything that it starts come to an end. */
async function pass(seconds: number, outbox: Outbox): Promise<void> {
  clock.pass(seconds);
  await outbox.flush();
}

beforeEach(() => {
  server = new FakeServer();
  store = new MemoryOutboxStore();
  clock = new FakeClock();
  waiting = [];
  refused = [];
});

test("a doodle is in the store before it is sent, and leaves it after the server's answer", async () => {
  let kept = 0;
  server.beforeAnswer = async () => {
    kept = (await store.list()).length;
  };

  const delivery = await open().putDoodle(doodle("one"));

  expect(delivery).toEqual({ kind: "stored" });
  expect(kept).toBe(1);
  expect(await store.list()).toEqual([]);
  expect([...server.doodles.keys()]).toEqual(["one"]);
});

test("what the shadow said waits with its doodle; a doodle kept before there were shadows is sent as it is", async () => {
  const { known: _, ...old } = doodle("old");
  await store.add({ kind: "doodle", doodle: old as Doodle });
  const shadow = { version: "bbbbbbbbbbbb", guess: "cat", confidence: 0.5 };
  server.goOffline();
  const outbox = open();
  await outbox.putDoodle({ ...doodle("new"), shadow });
  server.recover();

  await pass(1, outbox);

  expect(server.doodles.get("old")).toEqual(old);
  expect(server.doodles.get("new")?.shadow).toEqual(shadow);
});

test("a doodle that is stored at once never shows as waiting", async () => {
  await open().putDoodle(doodle("one"));

  expect(new Set(waiting)).toEqual(new Set([0]));
});

describe.each([
  ["no network", () => server.goOffline()],
  ["too many requests", () => server.refuse(429)],
  ["a server that is down", () => server.refuse(503)],
  ["a server that stumbles", () => server.refuse(500)],
])("with %s", (_name, trouble) => {
  test("the doodle waits, and is sent by itself later", async () => {
    const outbox = open();
    trouble();

    expect(await outbox.putDoodle(doodle("one"))).toEqual({ kind: "waiting" });
    expect(waiting.at(-1)).toBe(1);
    server.recover();
    await pass(1, outbox);

    expect([...server.doodles.keys()]).toEqual(["one"]);
    expect(waiting.at(-1)).toBe(0);
  });
});

/** Refusals that say who asks, or where, or come from somebody between the page and its server. */
const NOT_ABOUT_LETTERS: [number, boolean][] = [
  ...[401, 404, 405, 407, 415, 421, 431].flatMap((status): [number, boolean][] => [
    [status, true],
    [status, false],
  ]),
  [400, true],
  [403, true],
  ...[400, 403, 406, 409, 413, 422].map((status): [number, boolean] => [status, false]),
];

test.each(NOT_ABOUT_LETTERS)(
  "a %i (a problem of ours: %s) costs nobody a drawing",
  async (status, isOurs) => {
    const outbox = open();
    server.goOffline();
    await outbox.putDoodle(doodle("one"));
    server.trouble = new RefusedError(status, "no", undefined, [], isOurs);

    expect(await outbox.putDoodle(doodle("two"))).toEqual({ kind: "waiting" });
    expect(refused).toEqual([]);
    server.recover();
    await pass(60, outbox);

    expect([...server.doodles.keys()]).toEqual(["one", "two"]);
  },
);

test.each([409, 413, 422])("a %i of ours is the last word on a drawing", async (status) => {
  server.refuse(status);

  expect(await open().putDoodle(doodle("one"))).toEqual({ kind: "refused", reason: "refused" });
  expect(await store.list()).toEqual([]);
});

test("what was corrected and is not there, or not there any more, is corrected no longer", async () => {
  const delivery = await open().putCorrection({ id: "gone", label: "dog" });

  expect(delivery).toEqual({ kind: "refused", reason: "no such doodle" });
  expect(await store.list()).toEqual([]);
});

test.each([400, 403, 413])(
  "a drawing that something on the way never lets pass (%i) holds up no other",
  async (status) => {
    const outbox = open();
    await store.add({ kind: "doodle", doodle: doodle("bad") });
    server.beforeAnswer = async () => {
      if (server.requests.length === 1) server.trouble = new RefusedError(status, "no", undefined, [], false);
      else server.recover();
    };

    expect(await outbox.putDoodle(doodle("good"))).toEqual({ kind: "stored" });
    expect(waiting.at(-1)).toBe(1);
  },
);

test("failures in a row make the pauses longer", async () => {
  const outbox = open();
  server.goOffline();
  await store.add({ kind: "doodle", doodle: doodle("one") });
  await outbox.flush();

  const pauses: (number | undefined)[] = [];
  for (const _ of [1, 2, 3]) {
    pauses.push(clock.pending[0]);
    clock.pass(clock.pending[0] ?? 0);
    await expect.poll(() => clock.pending.length).toBe(1);
  }

  expect(pauses).toEqual([1, 2, 4]);
});

test("Retry-After is honoured: nothing is sent before, not even by a new doodle", async () => {
  const outbox = open();
  server.refuse(429, "slow down", 30);
  await outbox.putDoodle(doodle("one"));
  server.recover();
  server.requests.length = 0;

  expect(await outbox.putDoodle(doodle("two"))).toEqual({ kind: "waiting" });
  await pass(29, outbox);
  expect(server.requests).toEqual([]);
  await pass(1, outbox);

  expect([...server.doodles.keys()]).toEqual(["one", "two"]);
});

test("a refused doodle is dropped with the server's reason", async () => {
  server.refuse(422, "bitmap: it is blank");

  expect(await open().putDoodle(doodle("one"))).toEqual({ kind: "refused", reason: "bitmap: it is blank" });
  expect(await store.list()).toEqual([]);
  expect(refused).toEqual([]);
});

test("a doodle that had to wait and is refused in the end is reported", async () => {
  const outbox = open();
  server.goOffline();
  await outbox.putDoodle(doodle("one"));
  server.refuse(422, "label: there is no mouse");

  await pass(1, outbox);

  expect(refused).toEqual(["label: there is no mouse"]);
  expect(await store.list()).toEqual([]);
});

test("a correction is sent after its doodle", async () => {
  const outbox = open();
  server.goOffline();
  await outbox.putDoodle(doodle("one"));
  await outbox.putCorrection({ id: "one", label: "dog" });
  expect(waiting.at(-1)).toBe(1);
  server.recover();

  await outbox.flush();

  expect(server.labels).toEqual([["one", "dog"]]);
});

test("a doodle the server stumbles over does not hold up the others, nor is its correction sent before it", async () => {
  const outbox = open();
  server.goOffline();
  await outbox.putDoodle(doodle("bad"));
  await outbox.putCorrection({ id: "bad", label: "dog" });
  await outbox.putDoodle(doodle("good"));
  server.requests.length = 0;
  server.recover();
  server.beforeAnswer = async () => {
    if (server.requests.length === 1) server.refuse(500);
    else server.recover();
  };

  await outbox.flush();

  expect(server.requests).toEqual(["POST /api/v1/doodles", "POST /api/v1/doodles"]);
  expect([...server.doodles.keys()]).toEqual(["good"]);
});

test("doodles put while one is on its way are sent, each once", async () => {
  const outbox = open();

  await Promise.all(["one", "two", "three"].map((id) => outbox.putDoodle(doodle(id))));

  expect(server.requests).toHaveLength(3);
  expect([...server.doodles.keys()]).toEqual(["one", "two", "three"]);
});

test("a page that dies before the answer sends again, and the server has the doodle once", async () => {
  server.beforeAnswer = () => new Promise(() => {});
  void open().putDoodle(doodle("one"));
  await expect.poll(() => server.requests.length).toBe(1);
  server.beforeAnswer = async () => {};

  await open().flush();

  expect([...server.doodles.keys()]).toEqual(["one"]);
  expect(await store.list()).toEqual([]);
});

test("two tabs with one store send a doodle once, and both know that it is stored", async () => {
  let last: Promise<void> = Promise.resolve();
  const alone = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work);
    return last;
  };
  const here = open(alone);
  const there = open(alone);

  const [delivery] = await Promise.all([
    here.putDoodle(doodle("one")),
    there.flush(),
    there.putDoodle(doodle("two")),
  ]);

  expect(delivery).toEqual({ kind: "stored" });
  expect(server.requests).toHaveLength(2);
});

describe("nobody waits for ever", () => {
  const never = () => new Promise<void>(() => {});

  /** Put a doodle, and let the patience pass once it is kept. */
  async function putImpatiently(outbox: Outbox, id: string): Promise<Delivery> {
    const numKept = (await store.list()).length;
    const delivery = outbox.putDoodle(doodle(id));
    await expect.poll(async () => (await store.list()).length).toBe(numKept + 1);
    await expect.poll(() => clock.pending.length).toBeGreaterThan(0);
    clock.pass(PUT_PATIENCE_SECONDS);
    return delivery;
  }

  test("for an answer that does not come: what is kept waits, and the page is told", async () => {
    server.beforeAnswer = never;

    expect(await putImpatiently(open(), "one")).toEqual({ kind: "waiting" });
    expect(waiting.at(-1)).toBe(1);
  });

  test("for another tab that sends", async () => {
    expect(await putImpatiently(open(never), "one")).toEqual({ kind: "waiting" });
    expect(waiting.at(-1)).toBe(1);
    expect(server.requests).toEqual([]);
  });

  test("and the answer counts when it comes", async () => {
    let answer = () => {};
    server.beforeAnswer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const outbox = open();
    await putImpatiently(outbox, "one");

    answer();
    await outbox.flush();

    expect([...server.doodles.keys()]).toEqual(["one"]);
    expect(await store.list()).toEqual([]);
    expect(waiting.at(-1)).toBe(0);
    expect(refused).toEqual([]);
  });

  test("and a refusal that comes late is reported", async () => {
    let answer = () => {};
    server.beforeAnswer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    server.refuse(422, "bitmap: it is blank");
    const outbox = open();
    await putImpatiently(outbox, "one");

    answer();
    await expect.poll(() => refused).toEqual(["bitmap: it is blank"]);

    expect(await store.list()).toEqual([]);
    expect(waiting.at(-1)).toBe(0);
  });
});

test("a tab that has sent its own is told when those that another tab has kept meanwhile are sent, too", async () => {
  let last: Promise<void> = Promise.resolve();
  const alone = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work);
    return last;
  };
  let answer = () => {};
  server.beforeAnswer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const here = open(alone);
  const sending = here.putDoodle(doodle("one"));
  await expect.poll(() => server.requests.length).toBe(1);
  waiting = [];
  await store.add({ kind: "doodle", doodle: doodle("two") });
  server.beforeAnswer = async () => {};

  answer();
  await sending;

  expect([...server.doodles.keys()]).toEqual(["one", "two"]);
  expect(waiting.at(-1)).toBe(0);
});

test("an error that is neither refusal nor network is not swallowed", async () => {
  server.trouble = new RangeError("a bug");

  await expect(open().putDoodle(doodle("one"))).rejects.toThrow("a bug");
  expect(await store.list()).toHaveLength(1);
});
