import { beforeEach, describe, expect, test } from "vitest";
import { EVERYTHING_OPEN } from "../../src/view/console/review_address.ts";
import { moveTo, select, targetsOf } from "../../src/view/console/review_queue.ts";
import { ReviewWork } from "../../src/view/console/review_work.ts";
import { FakeReviews, makeScreened } from "../testing/reviews.ts";

const NUM = 150;

let server: FakeReviews;
let troubles: unknown[];
let said: string[];
let work: ReviewWork;

function idOf(number: number): string {
  return String(number).padStart(4, "0");
}

beforeEach(() => {
  server = new FakeReviews(Array.from({ length: NUM }, (_, number) => makeScreened(idOf(number))));
  [troubles, said] = [[], []];
  work = new ReviewWork({
    client: server,
    onChange: () => {},
    onTrouble: (error) => troubles.push(error),
    onDone: (words) => said.push(words),
  });
});

/** Let everything that was asked for be answered. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

describe("paging", () => {
  test("the next page comes before the end is reached, until there is none", async () => {
    await work.begin(EVERYTHING_OPEN);
    expect([work.queue.items.length, work.total]).toEqual([60, NUM]);

    work.queue = moveTo(work.queue, idOf(10));
    work.loadAhead();
    await settle();
    expect(work.queue.items.length).toBe(60);

    work.queue = moveTo(work.queue, idOf(40));
    work.loadAhead();
    await settle();
    await work.load();
    await work.load();

    expect(work.queue.items.map(({ id }) => id)).toEqual(
      Array.from({ length: NUM }, (_, number) => idOf(number)),
    );
    expect(server.asked).toEqual([undefined, idOf(59), idOf(119)]);
  });

  test("one page at a time", async () => {
    await work.begin(EVERYTHING_OPEN);

    await Promise.all([work.load(), work.load(), work.load()]);

    expect(work.queue.items).toHaveLength(120);
  });

  test("thousands are decided about without a page being missed", async () => {
    await work.begin(EVERYTHING_OPEN);

    for (let round = 0; work.queue.items.length > 0 && round < NUM; round += 1) {
      await work.decide({ action: "accept" });
      await settle();
    }

    expect(server.waiting).toEqual([]);
    expect(work.total).toBe(0);
  });

  test("an answer that comes after the reviewer has gone elsewhere is not shown", async () => {
    const first = work.begin(EVERYTHING_OPEN);
    const second = work.begin({ ...EVERYTHING_OPEN, label: "bird" });
    await Promise.all([first, second]);

    expect(work.queue.items).toEqual([]);
    expect(work.isLoading).toBe(false);
  });

  test("a page that could not be had is had when asked for again", async () => {
    server.goOffline();
    await work.begin(EVERYTHING_OPEN);
    expect([work.hasFailed, troubles.length]).toEqual([true, 1]);
    work.loadAhead();
    await settle();
    expect(server.asked).toHaveLength(1);

    server.trouble = undefined;
    await work.load();

    expect([work.hasFailed, work.queue.items.length]).toEqual([false, 60]);
  });
});

describe("deciding", () => {
  test("what it is about goes at once, and the count goes down when it is done", async () => {
    await work.begin(EVERYTHING_OPEN);

    const decided = work.decide({ action: "reject" });
    expect([work.queue.current, work.counts?.label]).toEqual([idOf(1), NUM]);
    await decided;

    expect(server.orders).toEqual([{ ids: [idOf(0)], action: "reject", reason: "Of no use." }]);
    expect([work.counts?.label, said.at(-1)]).toEqual([NUM - 1, "Rejected 1 drawing."]);
  });

  test("quick decisions are sent one after the other", async () => {
    await work.begin(EVERYTHING_OPEN);

    await Promise.all([
      work.decide({ action: "accept" }),
      work.decide({ action: "reject" }),
      work.decide({ action: "suggested" }),
    ]);

    expect(server.orders.map(({ ids, action }) => [...ids, action])).toEqual([
      [idOf(0), "accept"],
      [idOf(1), "reject"],
      [idOf(2), "relabel"],
    ]);
  });

  test("what the server does not agree to comes back, and nothing is said to be done", async () => {
    await work.begin(EVERYTHING_OPEN);
    server.goOffline();

    await work.decide({ action: "accept" });

    expect([work.queue.items.length, work.queue.current, work.counts?.label]).toEqual([60, idOf(0), NUM]);
    expect([said, troubles.length, work.canTakeBack]).toEqual([[], 1, false]);
  });

  test("of many, those that were done stay done where the rest failed", async () => {
    const whole = server.review;
    const once = async (order: Parameters<typeof whole>[0]) => {
      await whole(order);
      server.goOffline();
    };
    const halfway = new ReviewWork({
      client: { listReviews: server.listReviews, review: once },
      onChange: () => {},
      onTrouble: (error) => troubles.push(error),
      onDone: (words) => said.push(words),
    });
    await halfway.begin(EVERYTHING_OPEN);
    await halfway.load();
    halfway.queue = select(halfway.queue, () => true);

    await halfway.decide({ action: "accept" });

    expect([server.waiting.length, halfway.queue.items.length]).toEqual([NUM - 100, 20]);
    expect(halfway.counts?.label).toBe(NUM - 100);
    server.trouble = undefined;
    await halfway.takeBack();
    expect([server.waiting.length, halfway.queue.items.length]).toEqual([NUM, 120]);
  });

  test("where nothing fits, nothing is asked", async () => {
    server = new FakeReviews([makeScreened("a", { suggestion: null })]);
    work = new ReviewWork({ client: server, onChange: () => {}, onTrouble: () => {}, onDone: () => {} });
    await work.begin(EVERYTHING_OPEN);

    await work.decide({ action: "suggested" });

    expect([server.orders, work.queue.items.length]).toEqual([[], 1]);
  });
});

describe("taking back", () => {
  test("the last one first, each where it was", async () => {
    await work.begin(EVERYTHING_OPEN);
    await work.decide({ action: "accept" });
    work.queue = select(work.queue, ({ id }) => id === idOf(3) || id === idOf(5));
    await work.decide({ action: "reject" });

    await work.takeBack();
    expect(work.queue.items.slice(0, 5).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5].map(idOf));
    await work.takeBack();
    expect(work.queue.items.slice(0, 3).map(({ id }) => id)).toEqual([0, 1, 2].map(idOf));
    await work.takeBack();

    expect([server.waiting.length, work.counts?.label, work.canTakeBack]).toEqual([NUM, NUM, false]);
    expect(server.orders.map(({ action }) => action)).toEqual(["accept", "reject", "undo", "undo"]);
  });

  test("what could not be taken back can be tried again", async () => {
    await work.begin(EVERYTHING_OPEN);
    await work.decide({ action: "accept" });
    server.goOffline();
    await work.takeBack();
    expect([work.canTakeBack, work.queue.current]).toEqual([true, idOf(1)]);

    server.trouble = undefined;
    await work.takeBack();

    expect([work.canTakeBack, work.queue.current]).toEqual([false, idOf(0)]);
  });

  test("a decision that is taken back in the list of decisions is not one to undo", async () => {
    await work.begin({ ...EVERYTHING_OPEN, state: "reviewed" });

    await work.decide({ action: "undo" });

    expect([work.canTakeBack, work.queue.items.length]).toEqual([false, 59]);
  });

  test("who signs out leaves nothing to take back", async () => {
    await work.begin(EVERYTHING_OPEN);
    await work.decide({ action: "accept" });

    work.forget();

    expect([work.canTakeBack, work.queue.items, targetsOf(work.queue)]).toEqual([false, [], []]);
  });
});

describe("what is new", () => {
  test("a drawing that was never shown is; one that was decided about is not", async () => {
    await work.begin(EVERYTHING_OPEN);
    const page = await server.listReviews(EVERYTHING_OPEN, 1);
    await work.decide({ action: "accept" });

    expect(work.isNewer(page)).toBe(false);
    expect(work.isNewer({ ...page, reviews: [makeScreened("new")] })).toBe(true);
  });

  test("where only a part is shown nothing is said of it", async () => {
    await work.begin({ ...EVERYTHING_OPEN, reason: "label" });

    expect(work.isNewer({ reviews: [makeScreened("new")], next: null, counts: {} })).toBe(false);
  });
});
