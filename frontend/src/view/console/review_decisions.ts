/** Sends what was decided, one order after the other, and knows how to take it back. */
import type { OperatorClient } from "../../server/operator.ts";
import type { ReviewOrder } from "../../server/reviews.ts";
import { planOrders } from "./review_commands.ts";
import type { Taken } from "./review_queue.ts";

export interface Outcome {
  /** Orders that the server has carried out. */
  readonly done: readonly ReviewOrder[];
  /** What was taken out for them. */
  readonly taken: readonly Taken[];
  /** What was taken out for orders that it has not. */
  readonly left: readonly Taken[];
  /** Why not: RefusedError, UnreachableError. */
  readonly error: unknown;
}

/** Orders are sent in the order they are given, each after the one before was answered: so the last one is known. */
export class Decisions {
  private readonly client: Pick<OperatorClient, "review">;
  private readonly history: (readonly Taken[])[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(client: Pick<OperatorClient, "review">) {
    this.client = client;
  }

  /** How many can be taken back, one after the other. */
  get numDone(): number {
    return this.history.length;
  }

  /** Wait until everything that was decided is answered. */
  async settle(): Promise<void> {
    await this.last;
  }

  /** Forget what was done. */
  forget(): void {
    this.history.length = 0;
  }

  /** Decide. @param taken what was taken out for it. */
  decide(orders: readonly ReviewOrder[], taken: readonly Taken[]): Promise<Outcome> {
    return this.enqueue(async () => {
      const outcome = await this.send(orders, taken);
      const canUndo = outcome.done.some(({ action }) => action !== "undo");
      if (canUndo && outcome.taken.length > 0) this.history.push(outcome.taken);
      return outcome;
    });
  }

  /** Take back what was done last. @returns undefined when nothing was. */
  takeBack(): Promise<Outcome | undefined> {
    return this.enqueue(async () => {
      const taken = this.history.pop();
      if (!taken) return undefined;
      const orders = planOrders(
        taken.map(({ item }) => item),
        { action: "undo" },
      );
      const outcome = await this.send(orders, taken);
      if (outcome.left.length > 0) this.history.push(outcome.left);
      return outcome;
    });
  }

  private enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  private async send(orders: readonly ReviewOrder[], taken: readonly Taken[]): Promise<Outcome> {
    const done: ReviewOrder[] = [];
    let error: unknown;
    for (const order of orders) {
      try {
        await this.client.review(order);
        done.push(order);
      } catch (failure) {
        error = failure;
        break;
      }
    }
    const answered = new Set(done.flatMap(({ ids }) => ids));
    return {
      done,
      taken: taken.filter(({ item }) => answered.has(item.id)),
      left: taken.filter(({ item }) => !answered.has(item.id)),
      error,
    };
  }
}
