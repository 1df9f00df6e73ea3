/** Remembers which drawings this browser has sent, so that it can have them forgotten. */
import { openInTime } from "./databases.ts";

const DATABASE = "doodle-loop-sent";
const IDS = "ids";

/**
 * Contract: an id is remembered from before its drawing is sent until the server has forgotten it; `add` never fails.
 * Where the browser keeps nothing, ids are remembered as long as the page. Several pages may share one browser's ids.
 *
 * A database of its own, not a second store in the outbox's: an old page that is still open cannot hold it up.
 */
export class SentIds {
  private readonly database: IDBDatabase | undefined;
  /** Ids that the browser would not keep. */
  private readonly inMemory = new Set<string>();

  private constructor(database: IDBDatabase | undefined) {
    this.database = database;
  }

  /** Open the browser's memory, or this page's where there is none. */
  static async open(
    factory: IDBFactory | undefined,
    later: (seconds: number, callback: () => void) => void,
  ): Promise<SentIds> {
    try {
      return new SentIds(factory && (await openInTime(openDatabase(factory), later)));
    } catch {
      // A browser that will not open its database: the page remembers what it has sent itself.
      return new SentIds(undefined);
    }
  }

  async add(id: string): Promise<void> {
    try {
      if (this.database) return await write(this.database, (ids) => ids.put(true, id));
    } catch {
      // Full, or closed by the browser: a drawing is not lost for that.
    }
    this.inMemory.add(id);
  }

  /** List every id, each once. @throws DOMException when the browser cannot read its database any more. */
  async list(): Promise<string[]> {
    const kept = this.database ? await readKeys(this.database) : [];
    return [...new Set([...kept, ...this.inMemory])];
  }

  /** Remember these no longer; an id that is not there is no error. */
  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.inMemory.delete(id);
    if (!this.database) return;
    await write(this.database, (kept) => {
      for (const id of ids) kept.delete(id);
    });
  }
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(IDS);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

function readKeys(database: IDBDatabase): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const reading = database.transaction(IDS).objectStore(IDS).getAllKeys();
    reading.onsuccess = () => resolve(reading.result as string[]);
    reading.onerror = () => reject(reading.error);
  });
}

function write(database: IDBDatabase, change: (ids: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // Durable before the drawing is on its way: what was sent can be forgotten, whatever happens to this device.
    const transaction = database.transaction(IDS, "readwrite", { durability: "strict" });
    change(transaction.objectStore(IDS));
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
