/** Has everything forgotten that this browser has sent, or keeps to send. */
import { makeImpostorError, type RequestJson } from "./http.ts";
import { doodleId, type OutboxStore } from "./outbox_store.ts";
import type { SentIds } from "./sent_ids.ts";

const FORGET_PATH = "/api/v1/doodles/forget";

/** As many as one request may name. */
const BATCH = 100;

export interface ForgettingSurroundings {
  readonly sent: SentIds;
  readonly letters: OutboxStore;
  readonly request: RequestJson;
  /** Runs work while no tab sends letters. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
  /** Called when letters were dropped: how many wait has changed. */
  readonly onDropped: () => Promise<void>;
}

export interface Progress {
  readonly numDone: number;
  readonly numAll: number;
}

/**
 * Forgets in an order in which nothing can slip through: what waits is dropped first, while nobody sends, and then the
 * server is told of every id, those of dropped drawings too, for one of them may have arrived without our knowing.
 * An id is remembered until the server has answered for it, so whoever is stopped in the middle begins where it was.
 */
export class Forgetting {
  private readonly around: ForgettingSurroundings;

  constructor(around: ForgettingSurroundings) {
    this.around = around;
  }

  /** Count the drawings that would be forgotten. */
  async count(): Promise<number> {
    const [sent, waiting] = await Promise.all([this.around.sent.list(), this.listWaiting()]);
    return new Set([...sent, ...waiting]).size;
  }

  /**
   * Forget them all.
   *
   * @param onProgress told after each batch.
   * @returns how many are forgotten.
   * @throws RefusedError, UnreachableError: what the server has not answered for is still remembered.
   */
  async forget(onProgress: (progress: Progress) => void): Promise<number> {
    await this.around.alone(() => this.dropWaiting());
    await this.around.onDropped();
    const ids = await this.around.sent.list();
    for (let numDone = 0; numDone < ids.length; numDone += BATCH) {
      onProgress({ numDone, numAll: ids.length });
      await this.forgetBatch(ids.slice(numDone, numDone + BATCH));
    }
    return ids.length;
  }

  private async listWaiting(): Promise<string[]> {
    return (await this.around.letters.list()).map(({ letter }) => doodleId(letter));
  }

  private async dropWaiting(): Promise<void> {
    for (const { key, letter } of await this.around.letters.list()) {
      await this.around.sent.add(doodleId(letter));
      await this.around.letters.remove(key);
    }
  }

  private async forgetBatch(ids: readonly string[]): Promise<void> {
    const { body } = await this.around.request(FORGET_PATH, { method: "POST", body: { ids } });
    const answered = listAnswered(body);
    if (!ids.every((id) => answered.has(id))) throw makeImpostorError();
    await this.around.sent.remove(ids);
  }
}

function listAnswered(body: unknown): ReadonlySet<unknown> {
  const doodles = (body as { doodles?: unknown } | undefined)?.doodles;
  return new Set(Array.isArray(doodles) ? doodles.map((each: { id?: unknown } | null) => each?.id) : []);
}
