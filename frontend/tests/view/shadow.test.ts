import { describe, expect, test } from "vitest";
import type { Comparison } from "../../src/server/models.ts";
import type { PairTally, ShadowComparison } from "../../src/server/shadow.ts";
import { toCsv } from "../../src/view/console/charts/csv.ts";
import { tabulateComparison } from "../../src/view/console/models/comparison_words.ts";
import { listFigures, sayCautions, sayResult, tabulate } from "../../src/view/console/models/shadow_words.ts";

const LIVE = "aaaaaaaaaaaa";
const TRIED = "bbbbbbbbbbbb";

function tally(num_doodles: number, num_first: number, num_second: number): PairTally {
  const num_both = num_doodles - num_first - num_second;
  return { num_doodles, num_agreed: num_both, num_both, num_first, num_second, num_neither: 0, p_value: 0.5 };
}

function comparison(all: PairTally, more: Partial<ShadowComparison> = {}): ShadowComparison {
  const labels = all.num_doodles === 0 ? {} : { cat: all };
  const none = { right: null, wrong: null };
  const rest = { window: 10_000, num_elsewhere: 0, live_sureness: none, shadow_sureness: none };
  return { live: LIVE, num_seen: all.num_doodles, all, labels, ...rest, ...more };
}

const plain = (words: string) => words.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");

describe("what comes of a shadow", () => {
  test("is nothing yet, before anybody has drawn", () => {
    const nothing = comparison(tally(0, 0, 0));

    expect(sayResult(nothing, TRIED)).toContain("No drawing has been answered by both yet");
    expect(sayCautions(nothing)).toEqual([]);
    expect(listFigures(nothing).map(({ value }) => value)).toEqual(["0", "\u2013", "\u2013", "\u2013"]);
    expect(tabulate(comparison(tally(1, 0, 1))).rows.at(-1)?.[0]).toBe("all");
  });

  test("is told with shares, and how sure either was", () => {
    const told = comparison(tally(200, 4, 16), { live_sureness: { right: 0.9, wrong: 0.5 } });

    expect(plain(sayResult(told, TRIED))).toContain(`${LIVE} is right about 92.0 % of 200 drawings`);
    expect(listFigures(told).map(({ value }) => plain(value))).toEqual(["200", "90.0 %", "92.0 %", "98.0 %"]);
    expect(plain(listFigures(told)[2]?.more ?? "")).toBe("sure by 90.0 % where right, 50.0 % where wrong");
  });

  test("comes with a warning where there is too little of it", () => {
    expect(sayCautions(comparison(tally(99, 20, 0)))).toEqual([
      "Too few to tell: 99 drawings so far, wait for 100 at least.",
    ]);
    expect(sayCautions(comparison(tally(100, 3, 2)))[0]).toContain("Only one is right about 5");
    expect(sayCautions(comparison(tally(100, 3, 3)))).toEqual([]);
    expect(sayCautions(comparison(tally(100, 3, 3), { num_elsewhere: 1 }))[0]).toContain("1 drawing more");
  });

  test("says what was left out where there are more than are looked at", () => {
    const many = comparison(tally(9_000, 3, 3), { num_seen: 10_000 });

    expect(plain(listFigures(many)[0]?.more ?? "")).toBe("of the newest 10 000");
  });

  test("is a table for spreadsheets", () => {
    const csv = toCsv(tabulate(comparison(tally(100, 10, 20)))).split("\r\n");

    expect(csv.slice(1, 3)).toEqual([
      "cat,100,70,70,10,20,0,0.8,0.9,0.5",
      "all,100,70,70,10,20,0,0.8,0.9,0.5",
    ]);
  });
});

test("a comparison of two versions is a table for spreadsheets, too", () => {
  const both: Comparison = {
    version: LIVE,
    with: TRIED,
    holdouts: [{ name: "base", all: tally(4, 1, 1), labels: { cat: tally(4, 1, 1) } }],
  };

  const csv = toCsv(tabulateComparison(both)).split("\r\n");

  expect(csv[0]).toContain(`Only ${LIVE} right,Only ${TRIED} right`);
  expect(csv.slice(1)).toEqual(["base,cat,4,2,1,1,0,0.75,0.75,0.5", "base,all,4,2,1,1,0,0.75,0.75,0.5", ""]);
});
