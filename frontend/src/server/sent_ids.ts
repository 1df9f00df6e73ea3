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
  private database: IDBDatabase | undefined;
  private readonly reopen: () => Promise<IDBDatabase | undefined>;
  /** Ids that the browser would not keep. */
  private readonly inMemory = new Set<string>();

  private constructor(database: IDBDatabase | undefined, reopen: () => Promise<IDBDatabase | undefined>) {
    this.database = database;
    this.reopen = reopen;
  }

  /** Open the browser's memory, or this page's where there is none. */
  static async open(
    factory: IDBFactory | undefined,
    later: (seconds: number, callback: () => void) => void,
  ): Promise<SentIds> {
    const open = () => openIfPossible(factory, later);
    return new SentIds(await open(), open);
  }

  async add(id: string): Promise<void> {
    try {
      if (await this.use((database) => write(database, (ids) => ids.put(true, id)).then(() => true))) return;
    } catch {
      // Full, or lost by the browser: a drawing is not lost for that.
    }
    this.inMemory.add(id);
  }

  /** List every id, each once. @throws DOMException when the browser cannot read its database any more. */
  async list(): Promise<string[]> {
    const kept = (await this.use(readKeys)) ?? [];
    return [...new Set([...kept, ...this.inMemory])];
  }

  /** Remember these no longer; an id that is not there is no error. @throws as `list` does. */
  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.inMemory.delete(id);
    await this.use((database) =>
      write(database, (kept) => {
        for (const id of ids) kept.delete(id);
      }),
    );
  }

  /**
   * Work on the database, opened anew if the browser has closed it, as it does when a site's data are removed: what
   * was in there is gone then.
   *
   * @returns undefined where there is none, or none any more.
   */
  private async use<Result>(work: (database: IDBDatabase) => Promise<Result>): Promise<Result | undefined> {
    try {
      return this.database && (await work(this.database));
    } catch (error) {
      if (!isClosed(error)) throw error;
      this.database = await this.reopen();
      return this.database && (await work(this.database));
    }
  }
}

/** A database that is closed, or being closed, begins no transaction. Source: Indexed Database API 3.0, 4.4. */
function isClosed(error: unknown): boolean {
  return error instanceof DOMException && error.name === "InvalidStateError";
}

/** Open the database; undefined where the browser has none, or will not: the page remembers what it has sent itself. */
async function openIfPossible(
  factory: IDBFactory | undefined,
  later: (seconds: number, callback: () => void) => void,
): Promise<IDBDatabase | undefined> {
  try {
    return factory && (await openInTime(openDatabase(factory), later));
  } catch {
    return undefined;
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
