import { expect, test } from "vitest";
import { PREFERENCES_KEY, type PreferenceStorage, PreferenceStore } from "../../src/view/draw/preferences.ts";

class FakeStorage implements PreferenceStorage {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
}

/** Can be read, and takes nothing more. */
class FullStorage extends FakeStorage {
  isFull = true;
  override setItem = (key: string, value: string) => {
    if (this.isFull) throw new DOMException("full", "QuotaExceededError");
    return void this.items.set(key, value);
  };
}

const FORBIDDEN: PreferenceStorage = {
  getItem: () => {
    throw new DOMException("no", "SecurityError");
  },
  setItem: () => {
    throw new DOMException("full", "QuotaExceededError");
  },
};

test("at first the browser's language is spoken, time is counted and drawings are stored", () => {
  const { current } = new PreferenceStore(new FakeStorage(), ["de-CH"]);

  expect(current).toEqual({
    language: "de",
    hasTimer: true,
    isStoring: true,
    hand: "right",
    hasLetterKeys: true,
  });
});

test("what was chosen is there the next time, and what was not goes on following the browser", () => {
  const storage = new FakeStorage();
  new PreferenceStore(storage, ["en"]).set({ isStoring: false });

  expect(new PreferenceStore(storage, ["de"]).current).toMatchObject({ isStoring: false, language: "de" });
});

test("listeners hear of changes, and only of changes", () => {
  const store = new PreferenceStore(new FakeStorage(), ["en"]);
  const heard: unknown[] = [];
  store.onChange((current, before) => heard.push([before.hand, current.hand]));

  store.set({ hand: "left" });
  store.set({ hand: "left" });

  expect(heard).toEqual([["right", "left"]]);
});

test("another tab's choice is taken over, and neither tab undoes the other's", () => {
  const storage = new FakeStorage();
  const [one, other] = [new PreferenceStore(storage, ["en"]), new PreferenceStore(storage, ["en"])];
  one.set({ hasTimer: false });
  other.set({ hand: "left" });

  one.refresh();

  expect(one.current).toMatchObject({ hasTimer: false, hand: "left" });
});

test("a browser that keeps nothing goes on with what was chosen, and says that it is not kept", () => {
  for (const storage of [FORBIDDEN, undefined]) {
    const store = new PreferenceStore(storage, ["en"]);
    store.set({ isStoring: false });
    store.refresh();

    expect([store.current.isStoring, store.isKept]).toEqual([false, false]);
  }
});

test("where storage can be read but is full, what was chosen holds whatever is chosen next, here or elsewhere", () => {
  const storage = new FullStorage();
  storage.items.set(PREFERENCES_KEY, '{"hand":"left"}');
  const store = new PreferenceStore(storage, ["en"]);
  store.set({ isStoring: false });

  store.set({ hasTimer: false });
  storage.items.set(PREFERENCES_KEY, '{"hand":"right","isStoring":true}');
  store.refresh();

  expect(store.current).toMatchObject({ isStoring: false, hasTimer: false, hand: "right" });
  expect(store.isKept).toBe(false);
});

test("when there is room again, all that was chosen meanwhile is kept, and another tab's later word counts", () => {
  const storage = new FullStorage();
  const store = new PreferenceStore(storage, ["en"]);
  store.set({ isStoring: false });
  storage.isFull = false;

  store.set({ hand: "left" });

  expect(store.isKept).toBe(true);
  const other = new PreferenceStore(storage, ["en"]);
  expect(other.current).toMatchObject({ isStoring: false, hand: "left" });
  other.set({ isStoring: true });
  store.refresh();
  expect(store.current.isStoring).toBe(true);
});

test("kept nonsense counts as not chosen", () => {
  for (const kept of ["", "null", "[]", "{", '{"language":"tlh","hasTimer":"no","hand":7}']) {
    const storage = new FakeStorage();
    storage.items.set(PREFERENCES_KEY, kept);

    expect(new PreferenceStore(storage, ["en"]).current).toMatchObject({
      language: "en",
      hasTimer: true,
      hand: "right",
    });
  }
});
