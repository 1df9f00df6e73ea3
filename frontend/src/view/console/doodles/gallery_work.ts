/** An operator's work in the gallery: pages that are fetched, decisions that are sent, what can be taken back. No page. */
import type { Doodle, GalleryClient, GalleryFilter, GalleryPage, Standing } from "../../../server/gallery.ts";
import type { ReviewOrder } from "../../../server/reviews.ts";
import { type Choice, cut, planOrders } from "../review_commands.ts";
import { append, EMPTY, move, type Queue, targetsOf } from "../review_queue.ts";
import { sayDone } from "../review_words.ts";

export interface GallerySurroundings {
  readonly client: Pick<GalleryClient, "listDoodles" | "review">;
  /** Something is to be shown anew. */
  readonly onChange: () => void;
  /** What was asked for could not be had or done. */
  readonly onTrouble: (error: unknown) => void;
  /** The server has done what was decided. */
  readonly onDone: (words: string) => void;
}

const PER_PAGE = 60;
/** With so many left or fewer behind the current one, the next page is fetched. */
const AHEAD = 24;
/** So many pages without a doodle are fetched unasked; then somebody has to want more. */
const EMPTY_PAGES = 10;

export class GalleryWork {
  filter: GalleryFilter | undefined;
  queue: Queue<Doodle> = EMPTY;
  isLoading = false;
  /** Whether the last page could not be had. */
  hasFailed = false;
  private readonly around: GallerySurroundings;
  private readonly history: ReviewOrder[][] = [];
  /** Orders are sent one after the other: so the last one is known. */
  private last: Promise<unknown> = Promise.resolve();
  /** undefined: the first page is next; null: there are no more. */
  private next: string | null | undefined;

  constructor(around: GallerySurroundings) {
    this.around = around;
  }

  get canTakeBack(): boolean {
    return this.history.length > 0;
  }

  /** Whether there may be more. */
  get hasMore(): boolean {
    return this.next !== null;
  }

  /** When the doodles were stored that were looked at last; undefined before any were. */
  get lookedTo(): string | undefined {
    return this.next?.split("_")[0];
  }

  /** How many there are; undefined while that is not known. */
  get total(): number | undefined {
    return this.next === null ? this.queue.items.length : undefined;
  }

  /** Begin with other filters, or with none. */
  async begin(filter: GalleryFilter | undefined): Promise<void> {
    this.filter = filter;
    this.queue = EMPTY;
    this.next = undefined;
    this.isLoading = this.hasFailed = false;
    if (filter === undefined) return;
    await this.load();
  }

  /** Forget what was done, too. */
  forget(): void {
    void this.begin(undefined);
    this.history.length = 0;
  }

  /** Fetch the next page, and others while they are empty, but not without end. */
  async load(): Promise<void> {
    const { filter } = this;
    if (filter === undefined || this.next === null || this.isLoading) return;
    this.isLoading = true;
    this.hasFailed = false;
    this.around.onChange();
    for (let page = 0; page < EMPTY_PAGES && filter === this.filter; page++) {
      const hasFound = await this.fetchPage(filter);
      if (hasFound || this.next === null || this.hasFailed) break;
    }
    if (filter !== this.filter) return;
    this.isLoading = false;
    this.around.onChange();
  }

  /** Fetch the next page if few are left after the current one. After a failure somebody has to ask for it. */
  loadAhead(): void {
    const place = this.queue.items.findIndex(({ id }) => id === this.queue.current);
    if (!this.hasFailed && this.queue.items.length - place <= AHEAD) void this.load();
  }

  /** Tell whether a page holds something newer. */
  isNewer(page: GalleryPage): boolean {
    const known = new Set(this.queue.items.map(({ id }) => id));
    return !this.isLoading && page.doodles.some(({ id }) => !known.has(id));
  }

  /** Decide. One alone that is decided about is followed by the next one. */
  async decide(choice: Choice): Promise<void> {
    const targets = targetsOf(this.queue);
    const wanted = choice.action === "undo" ? targets.filter(({ review }) => review !== null) : targets;
    const orders = planOrders(wanted, choice);
    if (orders.length === 0) return;
    const ids = new Set(orders.flatMap((order) => order.ids));
    this.queue = this.queue.selected.size > 0 ? { ...this.queue, selected: new Set() } : move(this.queue, 1);
    this.around.onChange();
    await this.enqueue(async () => {
      // What they are now, all that was decided before being known.
      const before = planRestoring(this.queue.items.filter(({ id }) => ids.has(id)));
      const done = await this.send(orders);
      const decided = new Set(done.flatMap(({ ids }) => ids));
      const parts = before.map((order) => ({ ...order, ids: order.ids.filter((each) => decided.has(each)) }));
      if (decided.size > 0) this.history.push(parts.filter((part) => part.ids.length > 0));
    });
    this.loadAhead();
  }

  /** Take back what was done last: every doodle is again what it was before, whoever had decided that. */
  takeBack(): Promise<void> {
    return this.enqueue(async () => {
      const orders = this.history.pop();
      if (!orders) return;
      const done = await this.send(orders, "Took back");
      if (done.length < orders.length) this.history.push(orders.slice(done.length));
      const first = orders[0]?.ids[0];
      if (first !== undefined && this.queue.items.some(({ id }) => id === first))
        this.queue = { ...this.queue, current: first };
    });
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    const result = this.last.then(work).finally(() => this.around.onChange());
    this.last = result.catch(() => undefined);
    return result;
  }

  /** @returns the orders that were carried out. */
  private async send(orders: readonly ReviewOrder[], words?: string): Promise<ReviewOrder[]> {
    const done: ReviewOrder[] = [];
    try {
      for (const order of orders) {
        this.learn(await this.around.client.review(order));
        done.push(order);
      }
      const undone = orders.map((order) => ({ ...order, action: "undo" as const }));
      this.around.onDone(sayDone(words === undefined ? orders : undone.map(withoutLabel)));
    } catch (error) {
      this.around.onTrouble(error);
    }
    return done;
  }

  /** What was decided about stays where it is, as it is now. */
  private learn(standings: readonly Standing[]): void {
    const known = new Map(standings.map((standing) => [standing.id, standing]));
    const items = this.queue.items.map((item) => ({ ...item, ...known.get(item.id) }));
    this.queue = { ...this.queue, items };
    this.around.onChange();
  }

  /** @returns whether there was something on the page. */
  private async fetchPage(filter: GalleryFilter): Promise<boolean> {
    try {
      const page = await this.around.client.listDoodles(filter, PER_PAGE, this.next ?? undefined);
      if (filter !== this.filter) return false;
      this.queue = append(this.queue, page.doodles);
      this.next = page.next;
      return page.doodles.length > 0;
    } catch (error) {
      if (filter !== this.filter) return false;
      this.hasFailed = true;
      this.around.onTrouble(error);
      return false;
    }
  }
}

function withoutLabel({ ids, action, reason }: ReviewOrder): ReviewOrder {
  return { ids, action, reason };
}

/** Plan what makes doodles again what they are now: a decision that stood is made again, or there is none. */
export function planRestoring(items: readonly Doodle[]): ReviewOrder[] {
  const byDecision = new Map<string, { order: Omit<ReviewOrder, "ids">; ids: string[] }>();
  for (const { id, review } of items) {
    const order = restore(review);
    const name = JSON.stringify(order);
    const alike = byDecision.get(name) ?? { order, ids: [] };
    alike.ids.push(id);
    byDecision.set(name, alike);
  }
  return [...byDecision.values()].flatMap(({ order, ids }) =>
    cut(ids).map((part) => ({ ...order, ids: part })),
  );
}

function restore(review: Doodle["review"]): Omit<ReviewOrder, "ids"> {
  if (review === null) return { action: "undo", reason: "Taken back." };
  const { action, label, reason } = review;
  return action === "relabel" ? { action, label, reason } : { action, reason };
}
