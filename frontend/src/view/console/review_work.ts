/** A reviewer's work on one part of the review: pages that are fetched, decisions that are sent, what is left. No page. */
import type { OperatorClient } from "../../server/operator.ts";
import type { Reason, ReviewFilter, ReviewPage } from "../../server/reviews.ts";
import { EVERYTHING_OPEN, reviewAddress } from "./review_address.ts";
import { type Choice, planOrders } from "./review_commands.ts";
import { Decisions } from "./review_decisions.ts";
import { append, EMPTY, putBack, type Queue, take, targetsOf } from "./review_queue.ts";
import { countAll, sayDone } from "./review_words.ts";

export interface WorkSurroundings {
  readonly client: Pick<OperatorClient, "listReviews" | "review">;
  /** Something is to be shown anew. */
  readonly onChange: () => void;
  /** What was asked for could not be had or done. */
  readonly onTrouble: (error: unknown) => void;
  /** The server has done what was decided. */
  readonly onDone: (words: string) => void;
}

const PER_PAGE = 60;
/** With so many left or fewer, the next page is fetched. */
const AHEAD = 24;

export class ReviewWork {
  filter: ReviewFilter | undefined;
  queue: Queue = EMPTY;
  /** By reason; undefined while they are not known. */
  counts: ReviewPage["counts"] | undefined;
  isLoading = false;
  /** Whether the last page could not be had. */
  hasFailed = false;
  private readonly around: WorkSurroundings;
  private readonly decisions: Decisions;
  /** Every id that was ever in the queue since it was begun. */
  private seen = new Set<string>();
  /** undefined: the first page is next; null: there are no more. */
  private next: string | null | undefined;

  constructor(around: WorkSurroundings) {
    this.around = around;
    this.decisions = new Decisions(around.client);
  }

  get canTakeBack(): boolean {
    return this.decisions.numDone > 0;
  }

  /** How many there are, with those that were not fetched yet; undefined where that is not known. */
  get total(): number | undefined {
    if (this.next === null) return this.queue.items.length;
    if (this.counts === undefined || this.filter?.label !== undefined) return undefined;
    return this.filter?.reason === undefined ? countAll(this.counts) : this.counts[this.filter.reason];
  }

  /** Begin with a part of the review, or with none, once everything that was decided is known to the server. */
  async begin(filter: ReviewFilter | undefined): Promise<void> {
    this.filter = filter;
    this.queue = EMPTY;
    this.counts = undefined;
    this.seen = new Set();
    this.next = undefined;
    this.isLoading = this.hasFailed = false;
    if (filter === undefined) return;
    this.isLoading = true;
    this.around.onChange();
    await this.decisions.settle();
    if (filter === this.filter) await this.fetchPage(filter, undefined);
  }

  /** Forget what was done, too. */
  forget(): void {
    void this.begin(undefined);
    this.decisions.forget();
  }

  /** Fetch the next page, if there is one and it is not being fetched. */
  async load(): Promise<void> {
    if (this.filter === undefined || this.next === null || this.isLoading) return;
    this.isLoading = true;
    this.hasFailed = false;
    this.around.onChange();
    await this.fetchPage(this.filter, this.next);
  }

  /** Fetch the next page if few are left after the current one. After a failure somebody has to ask for it. */
  loadAhead(): void {
    const place = this.queue.items.findIndex(({ id }) => id === this.queue.current);
    if (!this.hasFailed && this.queue.items.length - place <= AHEAD) void this.load();
  }

  /** Tell whether a page holds something newer. @param page the newest that wait, of any length. */
  isNewer(page: ReviewPage): boolean {
    if (this.filter === undefined || this.isLoading) return false;
    const shown = reviewAddress(this.filter);
    return shown === reviewAddress(EVERYTHING_OPEN) && page.reviews.some(({ id }) => !this.seen.has(id));
  }

  /** Decide; what it is about goes at once, and comes back if the server does not agree. */
  async decide(choice: Choice): Promise<void> {
    const orders = planOrders(targetsOf(this.queue), choice);
    if (orders.length === 0) return;
    const { filter } = this;
    const { queue, taken } = take(this.queue, new Set(orders.flatMap(({ ids }) => ids)));
    this.queue = queue;
    this.around.onChange();
    const outcome = await this.decisions.decide(orders, taken);
    if (filter === this.filter) {
      this.queue = putBack(this.queue, outcome.left);
      this.count(outcome.taken, -1);
      this.loadAhead();
    }
    this.tell(outcome);
  }

  /** Take back what was done last. */
  async takeBack(): Promise<void> {
    const { filter } = this;
    const outcome = await this.decisions.takeBack();
    if (!outcome) return;
    if (filter === this.filter) {
      this.queue = putBack(this.queue, outcome.taken);
      this.count(outcome.taken, 1);
    }
    this.tell(outcome);
  }

  private tell({ done, error }: { done: Parameters<typeof sayDone>[0]; error: unknown }): void {
    this.around.onChange();
    if (error === undefined) this.around.onDone(sayDone(done));
    else this.around.onTrouble(error);
  }

  private count(changed: readonly { item: { reason: Reason } }[], by: number): void {
    const counts = { ...this.counts };
    for (const { item } of changed) counts[item.reason] = Math.max(0, (counts[item.reason] ?? 0) + by);
    this.counts = counts;
  }

  private async fetchPage(filter: ReviewFilter, cursor: string | undefined): Promise<void> {
    try {
      const page = await this.around.client.listReviews(filter, PER_PAGE, cursor);
      if (filter === this.filter) this.add(page);
    } catch (error) {
      if (filter !== this.filter) return;
      this.isLoading = false;
      this.hasFailed = true;
      this.around.onChange();
      this.around.onTrouble(error);
    }
  }

  private add(page: ReviewPage): void {
    const fresh = page.reviews.filter(({ id }) => !this.seen.has(id));
    for (const { id } of fresh) this.seen.add(id);
    this.queue = append(this.queue, fresh);
    this.counts ??= page.counts;
    this.next = page.next;
    this.isLoading = false;
    this.around.onChange();
  }
}
