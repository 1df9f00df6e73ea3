import { describe, expect, it } from "vitest";
import type { CheckSummary, DriftStanding } from "../../src/server/drift.ts";
import {
  markChanges,
  nameClasses,
  placeValue,
  sayMissing,
  sayValue,
  shareOut,
  tabulateCounts,
  traceMeasure,
} from "../../src/view/console/drift/drift_words.ts";

const LIMITS = { watch: 0.1, alert: 0.25 };

function check(minute: number, state: CheckSummary["state"], ink?: number): CheckSummary {
  const created_at = `2026-01-02T03:0${minute}:00+00:00`;
  return { created_at, state, finding: state, version: null, values: ink === undefined ? {} : { ink } };
}

function waiting(num_drawings: number): DriftStanding {
  const nothing = { words: "", since: null, latest: null, history: [], thresholds: "" };
  return { state: "waiting", num_drawings, num_wanted: 300, ...nothing };
}

describe("what is missing", () => {
  it("is counted down to the last drawing", () => {
    expect(sayMissing(waiting(0))).toBe("300 more drawings needed: there are 0 of 300.");
    expect(sayMissing(waiting(299))).toBe("1 more drawing needed: there are 299 of 300.");
  });

  it("is nothing any more while a worker has not looked yet", () => {
    expect(sayMissing(waiting(300))).toMatch(/^There are enough now/);
  });
});

describe("a measure's place on its scale", () => {
  it("puts both thresholds where they stand for every measure", () => {
    expect([0, 0.1, 0.25].map((value) => placeValue(value, LIMITS))).toEqual([0, 37.5, 75]);
  });

  it("grows with the value, and ends at the end", () => {
    const places = [0.05, 0.15, 0.3, 0.6, 9].map((value) => placeValue(value, LIMITS));

    expect(places).toEqual([...places].sort((first, second) => first - second));
    expect(places.at(-1)).toBe(100);
  });
});

describe("figures", () => {
  it("are as long as they say something", () => {
    expect([0, 0.0004, 0.0123, 0.4567, 5.678, 12.3].map(sayValue)).toEqual([
      "0",
      "< 0.001",
      "0.012",
      "0.457",
      "5.68",
      "12.3",
    ]);
  });
});

describe("the history", () => {
  it("is drawn from the oldest on, with gaps where nothing was measured", () => {
    const points = traceMeasure([check(2, "steady"), check(1, "steady", 0.5)], "ink");

    expect(points.map(([, value]) => value)).toEqual([0.5, null]);
  });

  it("is marked where the state changed", () => {
    const history = [check(3, "alert"), check(2, "alert"), check(1, "steady")];

    expect(markChanges(history)).toEqual([{ x: Date.parse("2026-01-02T03:02:00Z"), name: "Alert" }]);
  });
});

describe("two samples", () => {
  const counts = { now: [1, 3], before: [10, 10] };

  it("are compared by their shares", () => {
    expect(shareOut(counts)).toEqual({ now: [0.25, 0.75], before: [0.5, 0.5] });
    expect(shareOut({ now: [0, 0], before: [1, 0] }).now).toEqual([0, 0]);
  });

  it("can be had as a table", () => {
    expect(tabulateCounts("label", ["cat", "dog"], counts).rows[1]).toEqual(["dog", 3, 10, 0.75, 0.5]);
  });

  it("name a class by its edges", () => {
    expect(nameClasses({ ...counts, edges: [0, 0.5, 1] }, String)).toEqual(["0\u20130.5", "0.5\u20131"]);
  });
});
