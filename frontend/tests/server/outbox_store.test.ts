import { IDBFactory } from "fake-indexeddb";
import { describe, expect, test } from "vitest";
import { CarefulOutboxStore, openOutboxStore } from "../../src/server/careful_outbox_store.ts";
import { OPEN_PATIENCE_SECONDS } from "../../src/server/databases.ts";
import {
  IndexedDbOutboxStore,
  type Letter,
  MemoryOutboxStore,
  type OutboxStore,
} from "../../src/server/outbox_store.ts";
import { FakeClock } from "../testing/fake_clock.ts";

function letter(id: string): Letter {
  return { kind: "correction", correction: { id, label: "cat" } };
}

const stores: [string, () => Promise<OutboxStore>][] = [
  ["memory", async () => new MemoryOutboxStore()],
  ["IndexedDB", () => IndexedDbOutboxStore.open(new IDBFactory())],
  [
    "IndexedDB, handled with care",
    async () => new CarefulOutboxStore(await IndexedDbOutboxStore.open(new IDBFactory())),
  ],
];

describe.each(stores)("the contract of an outbox store, kept by %s", (_name, open) => {
  test("letters come back in the order they were added", async () => {
    const store = await open();
    for (const id of ["one", "two", "three"]) await store.add(letter(id));

    expect((await store.list()).map((waiting) => waiting.letter)).toEqual(
      ["one", "two", "three"].map(letter),
    );
  });

  test("a removed letter is gone, and the keys of the others stay", async () => {
    const store = await open();
    const one = await store.add(letter("one"));
    const two = await store.add(letter("two"));

    await store.remove(one);

    expect(await store.list()).toEqual([{ key: two, letter: letter("two") }]);
  });

  test("removing what is gone is no error", async () => {
    const store = await open();

    await store.remove(99);

    expect(await store.list()).toEqual([]);
  });

  test("a key is never used again", async () => {
    const store = await open();
    const one = await store.add(letter("one"));
    await store.remove(one);

    expect(await store.add(letter("two"))).not.toBe(one);
  });
});

test("letters in IndexedDB survive the page", async () => {
  const factory = new IDBFactory();
  await (await IndexedDbOutboxStore.open(factory)).add(letter("one"));

  expect(await (await IndexedDbOutboxStore.open(factory)).list()).toHaveLength(1);
});

describe("a browser that keeps nothing, or no more", () => {
  const quota = () => Promise.reject(new DOMException("full", "QuotaExceededError"));

  /** A database that is full from now on. */
  async function fill(store: OutboxStore): Promise<OutboxStore> {
    return { add: quota, list: () => store.list(), remove: (key) => store.remove(key) };
  }

  test("without a database, or with one that will not open, letters wait in memory and are said to be fleeting", async () => {
    const locked = () => {
      throw new DOMException("not here", "SecurityError");
    };
    const clock = new FakeClock();
    for (const factory of [undefined, { open: locked } as unknown as IDBFactory]) {
      const store = await openOutboxStore(factory, clock.later);
      const key = await store.add(letter("one"));

      expect(await store.list()).toEqual([{ key, letter: letter("one"), isFleeting: true }]);
      await store.remove(key);
      expect(await store.list()).toEqual([]);
    }
  });

  test("a database that never opens is not waited for", async () => {
    const clock = new FakeClock();
    const opening = openOutboxStore({ open: () => ({}) } as unknown as IDBFactory, clock.later);
    clock.pass(OPEN_PATIENCE_SECONDS);

    const store = await opening;
    await store.add(letter("one"));

    expect(await store.list()).toMatchObject([{ isFleeting: true }]);
  });

  test("what a full database refuses waits behind what it has", async () => {
    const database = new MemoryOutboxStore();
    await database.add(letter("one"));
    const store = new CarefulOutboxStore(await fill(database));

    await store.add(letter("two"));

    expect((await store.list()).map((waiting) => [waiting.letter, waiting.isFleeting])).toEqual([
      [letter("one"), undefined],
      [letter("two"), true],
    ]);
  });

  test("letters keep their order when there is room again: later ones wait in memory as long as one does", async () => {
    const database = new MemoryOutboxStore();
    const add = database.add.bind(database);
    database.add = quota;
    const store = new CarefulOutboxStore(database);
    const first = await store.add(letter("one"));
    database.add = add;

    await store.add(letter("two"));
    expect((await store.list()).map(({ isFleeting }) => isFleeting)).toEqual([true, true]);

    await store.remove(first);
    for (const { key } of await store.list()) await store.remove(key);
    await store.add(letter("three"));
    expect(await store.list()).toMatchObject([{ letter: letter("three") }]);
    expect((await store.list())[0]?.isFleeting).toBeUndefined();
  });

  test("a letter that was sent is not sent again because the database will not remove it", async () => {
    const database = new MemoryOutboxStore();
    database.remove = quota;
    const store = new CarefulOutboxStore(database);
    const key = await store.add(letter("one"));

    await store.remove(key);

    expect(await store.list()).toEqual([]);
  });

  test("a database that the browser has closed is one that keeps nothing", async () => {
    const closed: OutboxStore = { add: quota, list: quota, remove: quota };
    const store = new CarefulOutboxStore(closed);

    await store.add(letter("one"));

    expect(await store.list()).toMatchObject([{ letter: letter("one"), isFleeting: true }]);
  });
});
