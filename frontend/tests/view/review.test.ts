import { describe, expect, test } from "vitest";
import { reviewsPath, type Screened } from "../../src/server/reviews.ts";
import { EVERYTHING_OPEN, findReviewFilter, reviewAddress } from "../../src/view/console/review_address.ts";
import { findCommand, keyOfPlace, planOrders } from "../../src/view/console/review_commands.ts";
import {
  append,
  EMPTY,
  extend,
  extendTo,
  move,
  moveTo,
  putBack,
  type Queue,
  select,
  take,
  targetsOf,
  toggle,
} from "../../src/view/console/review_queue.ts";
import { sayDone, sayNumbers } from "../../src/view/console/review_words.ts";
import { makeScreened } from "../testing/reviews.ts";

function idsOf(items: readonly Screened[]): string {
  return items.map(({ id }) => id).join("");
}

function queueOf(ids: string): Queue {
  return append(
    EMPTY,
    [...ids].map((id) => makeScreened(id)),
  );
}

describe("the address of the review", () => {
  test.each([
    EVERYTHING_OPEN,
    { state: "unused", reason: "share", label: undefined },
    { state: "open", reason: undefined, label: "hot dog & co" },
  ] as const)("leads back to %j", (filter) => {
    expect(findReviewFilter(reviewAddress(filter))).toEqual(filter);
  });

  test.each(["", "#", "#desk", "#report=x", "#reviews", "#sign-in=review"])(
    "%j asks for something else",
    (hash) => {
      expect(findReviewFilter(hash)).toBeUndefined();
    },
  );

  test("what it says wrong is as if it said nothing", () => {
    expect(findReviewFilter("#review&state=gone&reason=__proto__&label=")).toEqual(EVERYTHING_OPEN);
  });

  test("asks the server for what is given, and no more", () => {
    expect(reviewsPath(EVERYTHING_OPEN, 60, undefined)).toBe("/api/v1/reviews?state=open&limit=60");
    expect(reviewsPath({ state: "open", reason: "label", label: "hot dog" }, 1, "2026_a")).toBe(
      "/api/v1/reviews?state=open&reason=label&label=hot+dog&limit=1&cursor=2026_a",
    );
  });
});

describe("the queue", () => {
  test("the first of a page is current; a page that overlaps adds nobody twice", () => {
    const queue = append(
      queueOf("abc"),
      [..."cd"].map((id) => makeScreened(id)),
    );

    expect([queue.current, idsOf(queue.items)]).toEqual(["a", "abcd"]);
  });

  test.each([
    [1, "c"],
    [-1, "a"],
    [9, "d"],
    [-9, "a"],
  ])("%d from the second is %s", (by, expected) => {
    expect(move(moveTo(queueOf("abcd"), "b"), by).current).toBe(expected);
  });

  test("an empty queue has nowhere to go and nothing to decide about", () => {
    expect(targetsOf(toggle(extend(move(EMPTY, 1), 1)))).toEqual([]);
    expect(take(EMPTY, new Set(["a"]))).toEqual({ queue: EMPTY, taken: [] });
  });

  test("what is selected is decided about; the current one while nothing is", () => {
    const queue = moveTo(queueOf("abcd"), "b");

    expect(idsOf(targetsOf(queue))).toBe("b");
    expect(idsOf(targetsOf(move(toggle(queue), 2)))).toBe("b");
    expect(idsOf(targetsOf(toggle(toggle(move(queue, 1)))))).toBe("c");
  });

  test("going with the shift key selects all on the way, both ends included", () => {
    const queue = moveTo(queueOf("abcdef"), "b");

    expect(idsOf(targetsOf(extend(queue, 2)))).toBe("bcd");
    expect(idsOf(targetsOf(extend(queue, -9)))).toBe("ab");
    expect(idsOf(targetsOf(extendTo(queue, "e")))).toBe("bcde");
    expect(extendTo(queue, "?")).toBe(queue);
  });

  test("after some were taken out the next one that stays is current, at the end the last one", () => {
    const queue = moveTo(queueOf("abcd"), "b");

    expect(take(queue, new Set("bc")).queue.current).toBe("d");
    expect(take(queue, new Set("bcd")).queue.current).toBe("a");
    expect(take(queue, new Set("abcd")).queue.current).toBeUndefined();
    expect(take(queue, new Set("a")).queue.current).toBe("b");
  });

  test("who was taken out is selected no longer", () => {
    const { queue } = take(
      select(queueOf("abcd"), () => true),
      new Set("bc"),
    );

    expect([...queue.selected]).toEqual(["a", "d"]);
  });

  test("what is put back is where it was, once", () => {
    const { queue, taken } = take(queueOf("abcdef"), new Set("bde"));

    const back = putBack(putBack(queue, taken), taken);

    expect([idsOf(back.items), back.current]).toEqual(["abcdef", "b"]);
    expect(putBack(queue, [])).toEqual(queue);
  });
});

const PLAIN = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe("keys", () => {
  test.each([
    ["a", { name: "decide", choice: { action: "accept" } }],
    ["X", { name: "decide", choice: { action: "reject" } }],
    ["s", { name: "decide", choice: { action: "suggested" } }],
    ["1", { name: "relabel", place: 0 }],
    ["0", { name: "relabel", place: 9 }],
    ["z", { name: "take_back" }],
    [" ", { name: "toggle" }],
    ["Escape", { name: "none" }],
    ["ArrowDown", { name: "go", way: "down", selecting: false }],
    ["q", undefined],
    ["constructor", undefined],
  ])("%j", (key, command) => {
    expect(findCommand({ ...PLAIN, key })).toEqual(command);
  });

  test("the browser keeps its own: Ctrl+X cuts, Ctrl+1 is a tab, Alt+Left goes back", () => {
    for (const key of ["x", "1", "s"]) expect(findCommand({ ...PLAIN, ctrlKey: true, key })).toBeUndefined();
    expect(findCommand({ ...PLAIN, altKey: true, key: "ArrowLeft" })).toBeUndefined();
    expect(findCommand({ ...PLAIN, metaKey: true, key: "a" })).toEqual({ name: "all" });
  });

  test("each of the first ten labels has its key", () => {
    const keys = Array.from({ length: 12 }, (_, place) => keyOfPlace(place));

    expect(keys.join()).toBe("1,2,3,4,5,6,7,8,9,0,,");
    keys.slice(0, 10).forEach((key, place) => {
      expect(findCommand({ ...PLAIN, key: key ?? "" })).toEqual({ name: "relabel", place });
    });
  });
});

describe("orders", () => {
  test("one of a kind holds at most a hundred", () => {
    const items = Array.from({ length: 250 }, (_, number) => makeScreened(String(number)));

    const orders = planOrders(items, { action: "reject" });

    expect(orders.map(({ ids }) => ids.length)).toEqual([100, 100, 50]);
    expect(orders.flatMap(({ ids }) => ids)).toEqual(items.map(({ id }) => id));
    expect(orders.every(({ action, reason }) => action === "reject" && reason.length > 0)).toBe(true);
  });

  test("who has the label already is accepted", () => {
    const items = [makeScreened("a", { label: "dog" }), makeScreened("b", { label: "cat" })];

    const orders = planOrders(items, { action: "relabel", label: "dog" });

    expect(orders.map(({ ids, action, label }) => [ids.join(), action, label])).toEqual([
      ["a", "accept", undefined],
      ["b", "relabel", "dog"],
    ]);
  });

  test("each gets its own suggestion; who has none is left as it is", () => {
    const items = [
      makeScreened("a", { suggestion: "dog" }),
      makeScreened("b", { suggestion: null }),
      makeScreened("c", { suggestion: "fish" }),
      makeScreened("d", { suggestion: "dog" }),
    ];

    const orders = planOrders(items, { action: "suggested" });

    expect(orders.map(({ ids, label }) => `${ids.join("")} ${label}`)).toEqual(["ad dog", "c fish"]);
  });

  test("what was done is said in words", () => {
    const reason = "";

    expect(sayDone([{ ids: ["a"], action: "reject", reason }])).toBe("Rejected 1 drawing.");
    expect(
      sayDone([
        { ids: ["a", "b"], action: "accept", reason },
        { ids: ["c"], action: "relabel", label: "dog", reason },
        { ids: ["d"], action: "relabel", label: "dog", reason },
      ]),
    ).toBe("Accepted 2 drawings. Relabelled as dog: 2 drawings.");
  });
});

test("shares are percent, other numbers are not", () => {
  const numbers = {
    label_share: 0.0123,
    label_threshold: 0.82,
    num_doodles: 40,
    energy: -2.13456,
    of: "0b6f",
  };

  expect(sayNumbers(numbers)).toBe(
    "label share 1\u00a0% \u00b7 label threshold 82\u00a0% \u00b7 doodles 40 \u00b7 energy -2.13 \u00b7 of 0b6f",
  );
});
