/** The browser's database as long as it keeps letters, and the page's memory for those it will not keep. */
import { openInTime } from "./databases.ts";
import {
  IndexedDbOutboxStore,
  type Letter,
  MemoryOutboxStore,
  type OutboxStore,
  type Waiting,
} from "./outbox_store.ts";

/**
 * Contract: as every outbox store's, and no call fails. A letter that the database refuses (full, closed, forbidden)
 * waits in memory and is listed as fleeting. Letters keep their order: while one waits in memory, later ones do, too.
 */
export class CarefulOutboxStore implements OutboxStore {
  private readonly database: OutboxStore | undefined;
  private readonly memory = new MemoryOutboxStore();
  /** Letters that were sent, and that the database would not remove. */
  private readonly removed = new Set<number>();

  /** @param database undefined where the browser has none. */
  constructor(database: OutboxStore | undefined) {
    this.database = database;
  }

  async add(letter: Letter): Promise<number> {
    const kept = await this.addToDatabase(letter);
    return kept ?? -(await this.memory.add(letter));
  }

  async list(): Promise<Waiting[]> {
    const fleeting = await this.memory.list();
    return [
      ...(await this.listDatabase()).filter(({ key }) => !this.removed.has(key)),
      ...fleeting.map(({ key, letter }) => ({ key: -key, letter, isFleeting: true as const })),
    ];
  }

  async remove(key: number): Promise<void> {
    if (key < 0) return this.memory.remove(-key);
    try {
      await this.database?.remove(key);
    } catch {
      // Sent again by the next page, perhaps; the server knows it by its id.
      this.removed.add(key);
    }
  }

  private async addToDatabase(letter: Letter): Promise<number | undefined> {
    if (!this.database || (await this.memory.list()).length > 0) return undefined;
    try {
      return await this.database.add(letter);
    } catch {
      return undefined;
    }
  }

  private async listDatabase(): Promise<Waiting[]> {
    try {
      return (await this.database?.list()) ?? [];
    } catch {
      // Closed by the browser: the next page finds what is in there.
      return [];
    }
  }
}

/** Open the best store this browser has. @param factory undefined where it has no databases. */
export async function openOutboxStore(
  factory: IDBFactory | undefined,
  later: (seconds: number, callback: () => void) => void,
): Promise<OutboxStore> {
  try {
    return new CarefulOutboxStore(factory && (await openInTime(IndexedDbOutboxStore.open(factory), later)));
  } catch {
    // The browser has a database and will not open it: a page without one still stores what it can send at once.
    return new CarefulOutboxStore(undefined);
  }
}
