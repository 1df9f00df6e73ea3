/** Screened out doodles, and a server that keeps the contract for reviewing them. */
import { RefusedError, UnreachableError } from "../../src/server/http.ts";
import type { ReviewFilter, ReviewOrder, ReviewPage, Screened } from "../../src/server/reviews.ts";

export function makeScreened(id: string, facts: Partial<Screened> = {}): Screened {
  return {
    id,
    label: "cat",
    status: "quarantined",
    bitmap: "AP8=",
    height: 1,
    width: 2,
    guess: "dog",
    confidence: 0.9,
    contributor: "5f1c03aa",
    created_at: "2026-01-02T03:04:05+00:00",
    reason: "label",
    words: "Looks like a dog (97 %), not like a cat (1 %).",
    suggestion: "dog",
    numbers: {},
    run: "6f0c",
    screened_at: "2026-01-02T04:00:00+00:00",
    review: null,
    ...facts,
  };
}

/** Newest first: the order of what it is made with. */
export class FakeReviews {
  waiting: Screened[];
  readonly orders: ReviewOrder[] = [];
  readonly asked: (string | undefined)[] = [];
  /** What the next requests get instead of an answer. */
  trouble: Error | undefined;
  private readonly all: readonly Screened[];

  constructor(items: readonly Screened[]) {
    this.all = items;
    this.waiting = [...items];
  }

  readonly listReviews = async (
    { reason, label }: ReviewFilter,
    limit: number,
    cursor?: string,
  ): Promise<ReviewPage> => {
    this.asked.push(cursor);
    if (this.trouble) throw this.trouble;
    const start = cursor === undefined ? 0 : this.all.findIndex(({ id }) => id === cursor) + 1;
    const rest = this.all
      .slice(start)
      .filter((item) => this.waiting.includes(item))
      .filter((item) => (reason ?? item.reason) === item.reason && (label ?? item.label) === item.label);
    const counts: Record<string, number> = {};
    for (const item of this.waiting) counts[item.reason] = (counts[item.reason] ?? 0) + 1;
    const reviews = rest.slice(0, limit);
    return { reviews, next: rest.length > limit ? (reviews.at(-1)?.id ?? null) : null, counts };
  };

  readonly review = async (order: ReviewOrder): Promise<void> => {
    if (this.trouble) throw this.trouble;
    if (order.ids.length > 100) throw new RefusedError(422, "ids: too many", undefined);
    this.orders.push(order);
    const ids = new Set(order.ids);
    this.waiting = this.all.filter((item) =>
      ids.has(item.id) ? order.action === "undo" : this.waiting.includes(item),
    );
  };

  goOffline(): void {
    this.trouble = new UnreachableError("no network");
  }
}
