import { describe, expect, test } from "vitest";
import type { Production, Share } from "../../src/server/production.ts";
import {
  areDays,
  choiceAddress,
  findChoice,
  RECENT,
  toQuery,
} from "../../src/view/console/production/production_address.ts";
import {
  listMoments,
  tableCalibration,
  tableConfusion,
  tableTallies,
  tableTimes,
} from "../../src/view/console/production/production_tables.ts";
import { sayInterval, sayOf, sayVersion } from "../../src/view/console/production/production_words.ts";

const NOW = Date.parse("2026-11-21T14:30:00Z");
const VERSION = "0123456789ab";
const THREE_OF_FOUR: Share = { num: 3, of: 4, value: 0.75, low: 0.3006, high: 0.9544 };
const NONE = { num_doodles: 0, accuracy: null, accuracy_known: null, unknown: null };
const SOME = { num_doodles: 5, accuracy: THREE_OF_FOUR, accuracy_known: null, unknown: null };

describe("an address", () => {
  test.each([
    "#production",
    "#production&range=24h",
    "#production&range=90d&version=0123456789ab",
    "#production&from=2026-11-01&to=2026-11-03",
  ])("%s says what is chosen, and the choice says the address", (address) => {
    expect(choiceAddress(findChoice(address))).toBe(address);
  });

  test.each([
    "#production&range=week",
    "#production&version=latest",
    "#production&from=2026-11-03&to=2026-11-01",
    "#production&from=2020-01-01&to=2026-11-01",
    "#production&from=2026-11-03",
    "#production&from=soon&to=later",
  ])("%s asks for nothing there is: the last 30 days of all versions", (address) => {
    expect(findChoice(address)).toEqual({ when: RECENT[0], version: undefined });
  });

  test("days are at most as many as the server gives", () => {
    expect(areDays({ first: "2025-10-18", last: "2026-11-21" })).toBe(true);
    expect(areDays({ first: "2025-10-17", last: "2026-11-21" })).toBe(false);
  });
});

describe("a question", () => {
  test("the last days include today, the last hours the present one", () => {
    expect(toQuery(findChoice("#production"), NOW)).toEqual({
      by: "day",
      from: Date.parse("2026-10-23T00:00:00Z"),
      to: Date.parse("2026-11-22T00:00:00Z"),
      version: undefined,
    });
    expect(toQuery(findChoice("#production&range=24h"), NOW)).toMatchObject({
      by: "hour",
      from: Date.parse("2026-11-20T15:00:00Z"),
      to: Date.parse("2026-11-21T15:00:00Z"),
    });
  });

  test("few chosen days are told by hour, more by day; the last one is included", () => {
    expect(toQuery(findChoice("#production&from=2026-11-01&to=2026-11-03"), NOW)).toMatchObject({
      by: "hour",
      to: Date.parse("2026-11-04T00:00:00Z"),
    });
    expect(toQuery(findChoice("#production&from=2026-11-01&to=2026-11-04"), NOW).by).toBe("day");
  });
});

function found(more: Partial<Production>): Production {
  return {
    by: "hour",
    from: "2026-11-21T12:00:00+00:00",
    to: "2026-11-21T16:00:00+00:00",
    version: null,
    live: null,
    total: NONE,
    statuses: { accepted: 0, quarantined: 0, rejected: 0 },
    times: [],
    versions: [],
    labels: [],
    confusion: { labels: [], counts: [] },
    calibration: { error: null, bins: [] },
    deployments: [],
    ...more,
  };
}

describe("tables", () => {
  const moments = listMoments(found({ times: [{ ...SOME, begins: "2026-11-21T13:00:00+00:00" }] }), NOW);

  test("every step that has begun is there, with drawings or without", () => {
    expect(moments.map(({ begins }) => new Date(begins).getUTCHours())).toEqual([12, 13, 14]);
    expect(moments.map(({ tally }) => tally?.num_doodles)).toEqual([undefined, 5, undefined]);
  });

  test("no share stands without of how many it is, and where it may well lie", () => {
    const { columns, rows } = tableTimes(moments);

    expect(columns.slice(2, 6)).toEqual(["accuracy: of", "accuracy", "accuracy: low", "accuracy: high"]);
    expect(rows[0]).toEqual(["2026-11-21T12:00:00.000Z", 0, 0, null, null, null, 0, null, null, null]);
    expect(rows[1]?.slice(1, 6)).toEqual([5, 4, 0.75, 0.3006, 0.9544]);
  });

  test("every row is as wide as its head", () => {
    const bins = [{ low: 0, high: 0.1, confidence: null, accuracy: null }];
    const tables = [
      tableTimes(moments),
      tableTallies("label", [["cat", SOME]]),
      tableConfusion({
        labels: ["cat", "dog"],
        counts: [
          [3, 1],
          [0, 2],
        ],
      }),
      tableCalibration({ error: null, bins }),
    ];

    for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length);
  });
});

test("a share of few is said with how little that is", () => {
  expect(sayInterval(THREE_OF_FOUR)).toBe("30.1 to 95.4");
  expect(sayOf(THREE_OF_FOUR)).toBe("3 of 4");
});

test("what is live is told apart, and guesses of no version that was", () => {
  expect(sayVersion(VERSION, VERSION)).toBe("0123456789ab (live)");
  expect(sayVersion(VERSION, null)).toBe(VERSION);
  expect(sayVersion(null, VERSION)).toBe("none known");
});
