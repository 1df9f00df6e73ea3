import { IDBFactory } from "fake-indexeddb";
import { describe, expect, test } from "vitest";
import {
  IndexedDbOutboxStore,
  type Letter,
  MemoryOutboxStore,
  type OutboxStore,
  openOutboxStore,
} from "../../src/server/outbox_store.ts";

function letter(id: string): Letter {
  return { kind: "correction", correction: { id, label: "cat" } };
}

const stores: [string, () => Promise<OutboxStore>][] = [
  ["memory", async () => new MemoryOutboxStore()],
  ["IndexedDB", () => IndexedDbOutboxStore.open(new IDBFactory())],
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

test("a browser without a database, or one that will not open it, gets the memory", async () => {
  const locked = {
    open: () => {
      throw new DOMException("not here", "SecurityError");
    },
  } as unknown as IDBFactory;

  expect(await openOutboxStore(undefined)).toBeInstanceOf(MemoryOutboxStore);
  expect(await openOutboxStore(locked)).toBeInstanceOf(MemoryOutboxStore);
});
