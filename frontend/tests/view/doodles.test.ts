import { describe, expect, test } from "vitest";
import { type Doodle, exportPath, type GalleryPage, type Strokes } from "../../src/server/gallery.ts";
import { UnreachableError } from "../../src/server/http.ts";
import type { ReviewOrder } from "../../src/server/reviews.ts";
import { sayErasing, sayErasure } from "../../src/view/console/doodles/doodle_words.ts";
import {
  countFilters,
  doodlesAddress,
  EVERY_DOODLE,
  readGalleryFilter,
} from "../../src/view/console/doodles/doodles_address.ts";
import { GalleryWork, planRestoring } from "../../src/view/console/doodles/gallery_work.ts";
import { countPoints, cutAt, sayStroke, step } from "../../src/view/console/doodles/replay.ts";

const STROKES: Strokes = [
  [
    [0, 10, 20],
    [0, 5, 0],
  ],
  [[100], [100]],
  [
    [3, 4],
    [5, 6],
  ],
];

function makeDoodle(id: string, facts: Partial<Doodle> = {}): Doodle {
  return {
    id,
    label: "cat",
    status: "accepted",
    bitmap: "AP8=",
    height: 1,
    width: 2,
    guess: "dog",
    confidence: 0.9,
    contributor: "5f1c03aa",
    created_at: "2026-01-02T03:04:05+00:00",
    suggestion: null,
    review: null,
    has_strokes: true,
    model_version: null,
    screening: null,
    ...facts,
  };
}

const BY_BOB = {
  action: "relabel",
  label: "dog",
  label_before: "cat",
  reason: "a dog",
  operator: "bob",
  reviewed_at: "2026-01-02T03:04:05+00:00",
} as const;

describe("a drawing as it came about", () => {
  test("is cut in the middle of a stroke; one just begun is a dot", () => {
    expect(countPoints(STROKES)).toBe(6);
    expect(cutAt(STROKES, 0)).toEqual([]);
    expect(cutAt(STROKES, 2)).toEqual([
      [
        [0, 10],
        [0, 5],
      ],
    ]);
    expect(cutAt(STROKES, 5).at(-1)).toEqual([[3], [5]]);
    expect(cutAt(STROKES, 99)).toEqual(STROKES);
  });

  test("is stepped through stroke by stroke, and no further than its ends", () => {
    expect([0, 1, 3, 4, 6].map((at) => step(STROKES, at, 1))).toEqual([3, 3, 4, 6, 6]);
    expect([6, 5, 4, 1, 0].map((at) => step(STROKES, at, -1))).toEqual([4, 4, 3, 0, 0]);
    expect(sayStroke(STROKES, 4)).toBe("Stroke 2 of 3");
  });
});

describe("the address", () => {
  test("says every filter, and is read again", () => {
    const filter = {
      label: "alarm clock",
      guess: "dog",
      wrong: true,
      status: "rejected",
      version: "0123456789ab",
      from: "2026-01-02",
      to: "2026-02-03",
      contributor: "5f1c03aa",
    } as const;

    expect(readGalleryFilter(doodlesAddress(filter))).toEqual(filter);
    expect(countFilters(filter)).toBe(8);
    expect(doodlesAddress(EVERY_DOODLE)).toBe("#doodles");
    expect(readGalleryFilter("#doodles&wrong=yes&status=new&version=x&from=now&contributor=ada")).toEqual(
      EVERY_DOODLE,
    );
  });

  test("of a file has the same filters", () => {
    expect(exportPath({ ...EVERY_DOODLE, label: "cat", wrong: true }, "npy")).toBe(
      "/api/v1/doodles/export?label=cat&wrong=1&status=any&format=npy",
    );
  });
});

/** Pages in order; each asks for the one behind it by its number. */
class FakeGallery {
  readonly orders: ReviewOrder[] = [];
  numAsked = 0;
  trouble: Error | undefined;
  private readonly pages: readonly (readonly Doodle[])[];

  constructor(...pages: readonly (readonly Doodle[])[]) {
    this.pages = pages;
  }

  readonly listDoodles = async (_: unknown, __: number, after = "0_"): Promise<GalleryPage> => {
    this.numAsked += 1;
    if (this.trouble) throw this.trouble;
    const page = Number.parseInt(after, 10);
    const next = page + 1 < this.pages.length ? `${page + 1}_` : null;
    return { doodles: this.pages[page] ?? [], next };
  };

  readonly review = async (order: ReviewOrder) => {
    if (this.trouble) throw this.trouble;
    this.orders.push(order);
    const { action, ids, label = "cat", reason } = order;
    const review =
      action === "undo"
        ? null
        : {
            action,
            label,
            label_before: "cat",
            reason,
            operator: "ada",
            reviewed_at: String(this.orders.length),
          };
    const status = action === "reject" ? ("rejected" as const) : ("accepted" as const);
    return ids.map((id) => ({ id, status, label, review }));
  };
}

function makeWork(server: FakeGallery): { work: GalleryWork; said: string[]; troubles: unknown[] } {
  const said: string[] = [];
  const troubles: unknown[] = [];
  const work = new GalleryWork({
    client: server,
    onChange: () => {},
    onTrouble: (error) => troubles.push(error),
    onDone: (words) => said.push(words),
  });
  return { work, said, troubles };
}

describe("work in the gallery", () => {
  test("what is decided about stays where it is, as it is now, and the next one is current", async () => {
    const server = new FakeGallery([makeDoodle("a"), makeDoodle("b")]);
    const { work, said } = makeWork(server);
    await work.begin(EVERY_DOODLE);

    await work.decide({ action: "reject" });

    expect(work.queue.items.map(({ id, status }) => [id, status])).toEqual([
      ["a", "rejected"],
      ["b", "accepted"],
    ]);
    expect(work.queue.current).toBe("b");
    expect(said).toEqual(["Rejected 1 drawing."]);
  });

  test("taking back makes again what stood before, whoever had decided it", async () => {
    const server = new FakeGallery([makeDoodle("a", { review: BY_BOB, label: "dog" }), makeDoodle("b")]);
    const { work, said } = makeWork(server);
    await work.begin(EVERY_DOODLE);
    work.queue = { ...work.queue, selected: new Set(["a", "b"]) };
    await work.decide({ action: "reject" });

    await work.takeBack();

    expect(server.orders.slice(1)).toEqual([
      { ids: ["a"], action: "relabel", label: "dog", reason: "a dog" },
      { ids: ["b"], action: "undo", reason: "Taken back." },
    ]);
    expect(work.queue.items.map(({ status }) => status)).toEqual(["accepted", "accepted"]);
    expect(said.at(-1)).toBe("Took back 2 drawings.");
    expect(work.canTakeBack).toBe(false);
  });

  test("two decisions about one, as quickly as keys go, are taken back one by one", async () => {
    const server = new FakeGallery([makeDoodle("a")]);
    const { work } = makeWork(server);
    await work.begin(EVERY_DOODLE);
    await Promise.all([work.decide({ action: "reject" }), work.decide({ action: "accept" })]);

    await work.takeBack();
    expect(work.queue.items[0]?.status).toBe("rejected");
    await work.takeBack();
    expect(work.queue.items[0]?.review).toBeNull();
  });

  test("nobody's decision is undone where nobody has decided", async () => {
    const server = new FakeGallery([makeDoodle("a")]);
    const { work } = makeWork(server);
    await work.begin(EVERY_DOODLE);

    await work.decide({ action: "undo" });

    expect(server.orders).toEqual([]);
  });

  test("empty pages are passed over, but not without end", async () => {
    const empty = Array.from({ length: 25 }, () => []);
    const server = new FakeGallery(...empty, [makeDoodle("far")]);
    const { work } = makeWork(server);

    await work.begin(EVERY_DOODLE);
    expect([server.numAsked, work.queue.items.length, work.hasMore, work.lookedTo]).toEqual([
      10,
      0,
      true,
      "10",
    ]);
    await work.load();
    await work.load();

    expect([server.numAsked, work.queue.items.length, work.hasMore]).toEqual([26, 1, false]);
  });

  test("what the server does not hear is not done", async () => {
    const server = new FakeGallery([makeDoodle("a")]);
    const { work, troubles } = makeWork(server);
    await work.begin(EVERY_DOODLE);
    server.trouble = new UnreachableError("no network");

    await work.decide({ action: "reject" });

    expect(work.queue.items[0]?.status).toBe("accepted");
    expect(work.canTakeBack).toBe(false);
    expect(troubles).toHaveLength(1);
  });

  test("what is alike is restored by one order, of a hundred at most", () => {
    const many = Array.from({ length: 150 }, (_, index) => makeDoodle(String(index)));

    expect(planRestoring(many).map(({ ids }) => ids.length)).toEqual([100, 50]);
  });
});

describe("erasing, in words", () => {
  const who = {
    contributor: "5f1c",
    num_doodles: 2,
    first_at: "2026-01-02",
    last_at: "2026-01-03",
    versions: [],
  };
  const erasure = {
    erasure: 1,
    state: "open",
    num_doodles: 1,
    num_pictures: 0,
    versions: [],
    waits_for: ["k"],
    operator: "ada",
    reason: "by letter",
    created_at: "2026-01-02",
  } as const;

  test("says what goes and what stays", () => {
    expect(sayErasing(who)).toContain("No version has learnt from them.");
    expect(sayErasing({ ...who, versions: ["0123456789ab"] })).toContain("stays: 0123456789ab.");
    expect(sayErasing(who)).toContain("Backups keep them");
  });

  test("says what is waited for", () => {
    expect(sayErasure(erasure)).toBe(
      "1 drawing and 0 pictures in reports erased so far; waiting for 1 run to end.",
    );
    expect(sayErasure({ ...erasure, state: "finished", versions: ["0123456789ab"] })).toContain(
      "0123456789ab",
    );
  });
});
