/** Where drawings wait until they are stored: the browser's database, or this page's memory. */
import type { Correction, Doodle } from "./doodles.ts";

export type Letter =
  | { readonly kind: "doodle"; readonly doodle: Doodle }
  | { readonly kind: "correction"; readonly correction: Correction };

export interface Waiting {
  /** Names the letter in its store; never used again. */
  readonly key: number;
  readonly letter: Letter;
  /** True where the browser would not keep it: it is lost when the page is closed. */
  readonly isFleeting?: true;
}

/**
 * Contract: letters come back in the order they were added; a letter whose `add` has resolved survives what the store
 * survives (IndexedDB: the browser's end; memory: nothing); removing a letter that is gone is no error. Several pages
 * may use one store at once.
 */
export interface OutboxStore {
  add(letter: Letter): Promise<number>;
  list(): Promise<Waiting[]>;
  remove(key: number): Promise<void>;
}

/** Id of the doodle a letter is about. */
export function doodleId(letter: Letter): string {
  return letter.kind === "doodle" ? letter.doodle.id : letter.correction.id;
}

/** Keeps letters as long as the page lives. */
export class MemoryOutboxStore implements OutboxStore {
  private readonly letters = new Map<number, Letter>();
  private lastKey = 0;

  async add(letter: Letter): Promise<number> {
    this.letters.set(++this.lastKey, letter);
    return this.lastKey;
  }

  async list(): Promise<Waiting[]> {
    return Array.from(this.letters, ([key, letter]) => ({ key, letter }));
  }

  async remove(key: number): Promise<void> {
    this.letters.delete(key);
  }
}

const DATABASE = "doodle-loop";
const LETTERS = "outbox";
const DATABASE_VERSION = 1;

/** Keeps letters in IndexedDB. */
export class IndexedDbOutboxStore implements OutboxStore {
  private readonly database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.database = database;
  }

  /** Open the browser's database. @throws DOMException where there is none (private windows of some browsers). */
  static async open(factory: IDBFactory): Promise<IndexedDbOutboxStore> {
    const opening = factory.open(DATABASE, DATABASE_VERSION);
    opening.onupgradeneeded = () => opening.result.createObjectStore(LETTERS, { autoIncrement: true });
    const database = await finished(opening);
    // A later release that changes the database is not held up by this page, which goes on in memory.
    database.onversionchange = () => database.close();
    return new IndexedDbOutboxStore(database);
  }

  async add(letter: Letter): Promise<number> {
    const transaction = this.database.transaction(LETTERS, "readwrite", { durability: "strict" });
    const key = await finished(transaction.objectStore(LETTERS).add(letter));
    await committed(transaction);
    return key as number;
  }

  async list(): Promise<Waiting[]> {
    const letters = this.database.transaction(LETTERS).objectStore(LETTERS);
    const [keys, values] = await Promise.all([finished(letters.getAllKeys()), finished(letters.getAll())]);
    return keys.map((key, index) => ({ key: key as number, letter: values[index] as Letter }));
  }

  async remove(key: number): Promise<void> {
    const transaction = this.database.transaction(LETTERS, "readwrite");
    transaction.objectStore(LETTERS).delete(key);
    await committed(transaction);
  }
}

function finished<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
