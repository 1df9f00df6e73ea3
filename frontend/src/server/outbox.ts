/** Every drawing goes through here: kept first, then sent, and kept until the server has it. */
import { type Correction, type Doodle, postDoodle, putLabel } from "./doodles.ts";
import { judgeFailure, type Step } from "./failure.ts";
import { RefusedError, type RequestJson } from "./http.ts";
import { doodleId, type Letter, type OutboxStore, type Waiting } from "./outbox_store.ts";
import { Retry, type RetrySurroundings } from "./retry.ts";

export type Delivery =
  | { readonly kind: "stored" }
  /** isFleeting: the browser would not keep it, so it is lost when the page is closed. */
  | { readonly kind: "waiting"; readonly isFleeting?: true }
  | { readonly kind: "refused"; readonly reason: string };

export interface OutboxSurroundings extends RetrySurroundings {
  readonly store: OutboxStore;
  readonly request: RequestJson;
  /** Runs work while no other tab runs such work (navigator.locks), or at once where there are no locks. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
  /** Told how many drawings wait, and how many of them only in this page, whenever that may have changed. */
  readonly onWaiting: (numDoodles: number, numFleeting: number) => void;
  /** Told of a letter that had to wait and was refused in the end. */
  readonly onRefused: (reason: string) => void;
}

/** Who has finished a drawing waits so long to hear that it is stored; it is kept already, and may be sent later. */
export const PUT_PATIENCE_SECONDS = 3;

/**
 * Sends letters in the order they were written, each until the server has it or has refused it for good.
 *
 * A letter is removed only after the server's answer, so a page that dies in between sends it again: the server knows
 * the doodle's id and stores it once.
 */
export class Outbox {
  private readonly around: OutboxSurroundings;
  /** Outcomes that a `put` still waits for, by the letter's key. */
  private readonly deliveries = new Map<number, Delivery>();
  private numPuts = 0;
  private sending: Promise<void> | undefined;
  private sendAgain = false;
  /** The server has named a time before which it wants to hear nothing. */
  private heldBack = false;
  private readonly retry: Retry;

  constructor(around: OutboxSurroundings) {
    this.around = around;
    this.retry = new Retry(around, () => this.tryAgain());
  }

  /** Keep a doodle and try to send it. Resolves after the first try, or when that takes too long: then it waits. */
  putDoodle(doodle: Doodle): Promise<Delivery> {
    return this.put({ kind: "doodle", doodle });
  }

  /** Keep a correction and try to send it, after its doodle. Resolves as `putDoodle` does. */
  putCorrection(correction: Correction): Promise<Delivery> {
    return this.put({ kind: "correction", correction });
  }

  /** Send what waits. Resolves when nothing is left or the server cannot take it now. */
  async flush(): Promise<void> {
    if (this.heldBack) return this.tellWaiting();
    this.sendAgain = true;
    this.sending ??= this.sendUntilQuiet();
    await this.sending;
  }

  private async put(letter: Letter): Promise<Delivery> {
    this.numPuts += 1;
    try {
      const key = await this.around.store.add(letter);
      await this.flushInTime();
      return await this.takeDelivery(key);
    } finally {
      this.numPuts -= 1;
      if (this.numPuts === 0) this.reportForgotten();
    }
  }

  /** Everything that waits, other tabs and a silent network may take minutes: sending goes on, and nobody waits for it. */
  private async flushInTime(): Promise<void> {
    const flushed = this.flush().then(() => true);
    const patience = new Promise<boolean>((resolve) => {
      this.around.later(PUT_PATIENCE_SECONDS, () => resolve(false));
    });
    if (await Promise.race([flushed, patience])) return;
    // A fault of ours that comes later is nobody's to catch, and is not swallowed.
    void flushed.then();
    await this.tellWaiting();
  }

  private async takeDelivery(key: number): Promise<Delivery> {
    // First: what is settled while the store is read has left its delivery by the time it is looked for.
    const waiting = (await this.around.store.list()).find((letter) => letter.key === key);
    const delivery = this.deliveries.get(key);
    this.deliveries.delete(key);
    if (delivery) return delivery;
    // Gone without an answer to this page: another tab has sent it.
    if (!waiting) return { kind: "stored" };
    return { kind: "waiting", ...(waiting.isFleeting && { isFleeting: true }) };
  }

  private async sendUntilQuiet(): Promise<void> {
    try {
      while (this.sendAgain) {
        this.sendAgain = false;
        await this.around.alone(() => this.sendAll());
      }
    } finally {
      this.sending = undefined;
      await this.tellWaiting();
    }
  }

  private async sendAll(): Promise<void> {
    const skipped = new Set<string>();
    for (const { key, letter } of await this.around.store.list()) {
      if (skipped.has(doodleId(letter))) continue;
      const step = await this.sendOne(key, letter);
      if (step === "stop") return;
      if (step === "skip_doodle") skipped.add(doodleId(letter));
    }
    if (skipped.size > 0) return;
    this.retry.succeed();
    // Kept meanwhile by another tab: whoever sends them, this page is to know that they wait no longer.
    this.sendAgain ||= (await this.around.store.list()).length > 0;
  }

  /** Try a letter; undefined when it is stored. @throws what is neither refusal nor network. */
  private async sendOne(key: number, letter: Letter): Promise<Step | undefined> {
    try {
      await this.send(letter);
    } catch (error) {
      const step = judgeFailure(error, letter);
      if (step === undefined) throw error;
      if (step === "final") await this.settle(key, { kind: "refused", reason: (error as Error).message });
      else this.planRetry(error);
      return step;
    }
    await this.settle(key, { kind: "stored" });
    return undefined;
  }

  private send(letter: Letter): Promise<void> {
    return letter.kind === "doodle"
      ? postDoodle(this.around.request, letter.doodle)
      : putLabel(this.around.request, letter.correction);
  }

  private async settle(key: number, delivery: Delivery): Promise<void> {
    await this.around.store.remove(key);
    this.deliveries.set(key, delivery);
    if (this.numPuts === 0) this.reportForgotten();
    await this.tellWaiting();
  }

  private reportForgotten(): void {
    for (const delivery of this.deliveries.values()) {
      if (delivery.kind === "refused") this.around.onRefused(delivery.reason);
    }
    this.deliveries.clear();
  }

  private planRetry(error: unknown): void {
    const retryAfterSeconds = error instanceof RefusedError ? error.retryAfterSeconds : undefined;
    this.heldBack ||= retryAfterSeconds !== undefined;
    this.retry.fail(retryAfterSeconds);
  }

  private tryAgain(): void {
    this.heldBack = false;
    void this.flush();
  }

  private async tellWaiting(): Promise<void> {
    const letters = await this.around.store.list();
    this.around.onWaiting(
      countDoodles(letters),
      countDoodles(letters.filter(({ isFleeting }) => isFleeting)),
    );
  }
}

function countDoodles(letters: readonly Waiting[]): number {
  return new Set(letters.map(({ letter }) => doodleId(letter))).size;
}
