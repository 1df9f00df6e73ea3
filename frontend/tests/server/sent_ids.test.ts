import { IDBDatabase, IDBFactory } from "fake-indexeddb";
import { describe, expect, test } from "vitest";
import { SentIds } from "../../src/server/sent_ids.ts";

describe.each([
  ["memory", () => SentIds.open(undefined, () => {})],
  ["IndexedDB", () => SentIds.open(new IDBFactory(), () => {})],
] as const)("the contract of sent ids, kept by %s", (_name, open) => {
  test("ids are remembered, each once", async () => {
    const sent = await open();
    for (const id of ["one", "two", "one"]) await sent.add(id);

    expect((await sent.list()).sort()).toEqual(["one", "two"]);
  });

  test("removed ids are forgotten, and removing what is gone is no error", async () => {
    const sent = await open();
    await sent.add("one");
    await sent.add("two");

    await sent.remove(["one", "three"]);

    expect(await sent.list()).toEqual(["two"]);
  });
});

test("ids in IndexedDB survive the page, and every tab sees them", async () => {
  const factory = new IDBFactory();
  await (await SentIds.open(factory, () => {})).add("one");

  expect(await (await SentIds.open(factory, () => {})).list()).toEqual(["one"]);
});

/** Opens databases, and takes them away as a browser does when a site's data are removed. */
class ClearableFactory {
  readonly real = new IDBFactory();
  private readonly opened: IDBDatabase[] = [];
  isForbidden = false;

  readonly asFactory = {
    open: (name: string, version: number) => {
      if (this.isForbidden) throw new DOMException("no", "SecurityError");
      const opening = this.real.open(name, version);
      opening.addEventListener("success", () => this.opened.push(opening.result as IDBDatabase));
      return opening;
    },
  } as unknown as IDBFactory;

  clear(): Promise<void> {
    for (const database of this.opened) database.close();
    return new Promise((resolve) => {
      this.real.deleteDatabase("doodle-loop-sent").onsuccess = () => resolve();
    });
  }
}

test("after the site's data were removed, ids sent since are remembered, kept, and can be forgotten", async () => {
  const databases = new ClearableFactory();
  const sent = await SentIds.open(databases.asFactory, () => {});
  await sent.add("before");
  await databases.clear();
  await sent.add("one");
  await sent.add("two");

  expect(await sent.list()).toEqual(["one", "two"]);
  await sent.remove(["one"]);

  expect(await sent.list()).toEqual(["two"]);
  expect(await (await SentIds.open(databases.asFactory, () => {})).list()).toEqual(["two"]);
});

test("where the database is closed for good, the page remembers those sent since", async () => {
  const databases = new ClearableFactory();
  const sent = await SentIds.open(databases.asFactory, () => {});
  await sent.add("before");
  await databases.clear();
  databases.isForbidden = true;
  await sent.add("one");
  await sent.add("two");

  expect(await sent.list()).toEqual(["one", "two"]);
  await sent.remove(["one"]);

  expect(await sent.list()).toEqual(["two"]);
});

test("where the database cannot be opened the page remembers its own", async () => {
  const factory = {
    open: () => {
      throw new DOMException("no", "SecurityError");
    },
  } as unknown as IDBFactory;
  const sent = await SentIds.open(factory, () => {});
  await sent.add("one");

  expect(await sent.list()).toEqual(["one"]);
});

test("an id that the browser will not keep is remembered by the page", async () => {
  const factory = new IDBFactory();
  const sent = await SentIds.open(factory, () => {});
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  try {
    await sent.add("one");
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }

  expect(await sent.list()).toEqual(["one"]);
});
