import { describe, expect, test } from "vitest";
import { ModelsClient, type Tally } from "../../src/server/models.ts";
import type { Deployment, Version } from "../../src/server/operator.ts";
import {
  accuraciesOf,
  findWinner,
  sayOutcome,
  sayP,
} from "../../src/view/console/models/comparison_words.ts";
import { layOut } from "../../src/view/console/models/lineage.ts";
import { comparisonAddress, findCompared } from "../../src/view/console/models/models_address.ts";
import { NEWEST_FIRST, nextOrder, rankVersions } from "../../src/view/console/models/rank.ts";
import { tellStory } from "../../src/view/console/models/story.ts";
import { saySize } from "../../src/view/console/models/version_table.ts";

function version(name: string, minute: number, more: Partial<Version> = {}): Version {
  return {
    version: name,
    live: false,
    network: { name: "doodlenet" },
    num_parameters: 1,
    label_set: "animals",
    labels: [],
    parent_version: null,
    run: null,
    metrics: {},
    verdict: null,
    files: [],
    needed_for: null,
    created_at: new Date(minute * 60_000).toISOString(),
    ...more,
  };
}

const names = (versions: readonly Version[]) => versions.map((each) => each.version).join("");

describe("the order of the table", () => {
  const measured = (accuracy: number) => ({ base: { num_doodles: 1, accuracy, log_loss: 1, recalls: {} } });
  const versions = [
    version("a", 1, { metrics: measured(0.8), num_parameters: 5 }),
    version("b", 2, { num_parameters: 5 }),
    version("c", 3, { metrics: measured(0.9) }),
  ];

  test("is newest first, until a column is asked for: largest first, then the other way round", () => {
    expect(names(rankVersions(versions, NEWEST_FIRST))).toBe("cba");
    const best = nextOrder(NEWEST_FIRST, "base");
    expect(names(rankVersions(versions, best))).toBe("cab");
    expect(names(rankVersions(versions, nextOrder(best, "base")))).toBe("acb");
  });

  test("puts equals newest first, and those without the number last", () => {
    expect(names(rankVersions(versions, { by: "parameters", isRising: false }))).toBe("bac");
    expect(names(rankVersions(versions, { by: "nothing", isRising: true }))).toBe("cba");
  });
});

describe("the lineage", () => {
  const shape = (versions: readonly Version[]) =>
    layOut(versions).map(({ version: each, depth }) => `${"-".repeat(depth)}${each.version}`);

  test("is a straight line for runs that went on from each other", () => {
    const line = [
      version("a", 1),
      version("b", 2, { parent_version: "a" }),
      version("c", 3, { parent_version: "b" }),
    ];

    expect(shape(line)).toEqual(["a", "b", "c"]);
  });

  test("keeps the way to the live version straight, and indents what went elsewhere", () => {
    const tree = [
      version("a", 1),
      version("b", 2, { parent_version: "a" }),
      version("c", 3, { parent_version: "a", live: true }),
      version("d", 4, { parent_version: "a" }),
      version("e", 5, { parent_version: "b" }),
    ];

    expect(shape(tree)).toEqual(["a", "-b", "-e", "-d", "c"]);
  });

  test("begins anew where a parent is not there any more, and ends where versions name each other", () => {
    const broken = [version("b", 2, { parent_version: "gone" }), version("a", 1)];

    expect(shape(broken)).toEqual(["a", "b"]);
    expect(
      shape([version("x", 1, { parent_version: "y" }), version("y", 2, { parent_version: "x" })]),
    ).toEqual([]);
  });
});

describe("the story of what was live", () => {
  const deployment = (number: number, minute: number): Deployment => ({
    deployment: number,
    version: "a",
    previous_version: null,
    kind: "publish",
    actor: "",
    reason: "",
    created_at: new Date(minute * 60_000).toISOString(),
  });

  test("has pins and shadows where they belong, and says how long each version was live", () => {
    const pin = { pinned: true, actor: "ada", reason: "a fair", created_at: new Date(120_000).toISOString() };

    const tried = {
      version: "b",
      actor: "ada",
      reason: "why not",
      created_at: new Date(180_000).toISOString(),
    };

    const story = tellStory([deployment(2, 5), deployment(1, 1)], [pin], [tried]);

    expect(story.map((each) => (each.kind === "live" ? each.seconds : each.kind))).toEqual([
      undefined,
      "shadow",
      "pin",
      240,
    ]);
  });
});

describe("a comparison in words", () => {
  const tally = (num_first: number, num_second: number, p_value: number): Tally => ({
    num_doodles: 200,
    num_both: 100,
    num_first,
    num_second,
    num_neither: 100 - num_first - num_second,
    p_value,
  });
  const plain = (words: string) => words.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");

  test("names who is better only where it is hardly chance", () => {
    expect(findWinner(tally(20, 4, 0.002))).toBe("first");
    expect(findWinner(tally(4, 20, 0.002))).toBe("second");
    expect(findWinner(tally(12, 8, 0.5))).toBeUndefined();
    expect(accuraciesOf(tally(20, 4, 0.002))).toEqual([0.6, 0.52]);
  });

  test("says the figures it rests on", () => {
    expect(plain(sayOutcome(tally(12, 8, 0.5), "aaaa", "bbbb"))).toBe(
      "aaaa is right about 56.0 % of 200 drawings, bbbb about 54.0 %. Only one is right about 20: aaaa about 12, " +
        "bbbb about 8. That may well be chance (McNemar, p = 0.50).",
    );
    expect(sayOutcome(tally(20, 4, 0.0002), "aaaa", "bbbb")).toContain(
      "aaaa is better (McNemar, p < 0.001).",
    );
    expect(sayOutcome(tally(0, 0, 1), "aaaa", "bbbb")).toContain("the very same ones");
    expect([sayP(0.031), sayP(1)]).toEqual(["= 0.031", "= 1.00"]);
  });
});

test("a comparison has an address; what names no two versions is none", () => {
  const [one, other] = ["0123456789ab", "ba9876543210"];

  expect(findCompared(comparisonAddress(one, other))).toEqual([one, other]);
  for (const hash of [
    "#models",
    "#models&compare=",
    `#models&compare=${one}`,
    `#models&compare=${one},${one}`,
  ]) {
    expect(findCompared(hash)).toBeUndefined();
  }
});

test("sizes are said in their unit", () => {
  expect([1, 376_000, 1_240_000].map((size) => saySize(size).replace("\u00a0", " "))).toEqual([
    "1 kB",
    "376 kB",
    "1.2 MB",
  ]);
});

describe("the list of versions", () => {
  const asked: string[] = [];
  const client = new ModelsClient(async (path) => {
    asked.push(path);
    const isLast = path.includes("second%2B");
    const body = { models: [version(isLast ? "b" : "a", 1)], next: isLast ? null : "second+" };
    return { status: 200, headers: new Headers(), body };
  });

  test("comes page by page, as far as somebody wants it, and says whether there is more", async () => {
    expect(await client.listPages(1)).toMatchObject({ versions: [{ version: "a" }], hasMore: true });
    const all = await client.listPages(5);

    expect([names(all.versions), all.hasMore]).toEqual(["ab", false]);
    expect(asked).toEqual(["/api/v1/models", "/api/v1/models", "/api/v1/models?cursor=second%2B"]);
  });
});
