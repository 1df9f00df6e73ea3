import { describe, expect, test } from "vitest";
import type { JsonAnswer, JsonRequest } from "../../src/server/http.ts";
import { type ListedWorker, WorkersClient } from "../../src/server/workers.ts";
import {
  findWishes,
  sayDevice,
  sayHeard,
  sayOutlook,
  sayQuestion,
  saySent,
  sortWorkers,
  takesRuns,
} from "../../src/view/console/workers/worker_words.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");

function worker(name: string, more: Partial<ListedWorker> = {}): ListedWorker {
  return {
    name,
    host: "studio",
    device: "CPU (2 cores)",
    gpu: null,
    num_cores: 2,
    version: "0.1.0",
    state: "idle",
    run: null,
    progress: null,
    num_sent: 0,
    asked_to: null,
    asked_by: null,
    asked_at: null,
    started_at: "2026-01-02T03:00:00Z",
    heartbeat_at: "2026-01-02T03:04:05Z",
    silent_seconds: 0.3,
    ...more,
  };
}

const DRAINED = { asked_to: "drain", asked_by: "ada", asked_at: "2026-01-02T03:03:05Z" } as const;

describe("the list", () => {
  test("who works comes first, who is lost last, who has ended apart, the latest first", () => {
    const sorted = sortWorkers([
      worker("b"),
      worker("l", { state: "lost" }),
      worker("old", { state: "stopped", heartbeat_at: "2026-01-02T01:00:00Z" }),
      worker("new", { state: "stopped", heartbeat_at: "2026-01-02T02:00:00Z" }),
      worker("z", { state: "busy" }),
      worker("a"),
    ]);

    expect(sorted.present.map(({ name }) => name)).toEqual(["z", "a", "b", "l"]);
    expect(sorted.ended.map(({ name }) => name)).toEqual(["new", "old"]);
  });

  test("a GPU is told with its device, a processor by itself", () => {
    expect(sayDevice(worker("a"))).toBe("CPU (2 cores)");
    expect(sayDevice(worker("a", { gpu: "NVIDIA L4", device: "GPU:0" }))).toBe("NVIDIA L4 (GPU:0)");
  });

  test.each([
    [0, "just now"],
    [4.9, "just now"],
    [5, "5 s ago"],
    [180, "3 min ago"],
  ])("silence of %d s", (silent_seconds, words) => {
    expect(sayHeard(worker("a", { silent_seconds }))).toBe(words);
  });
});

describe("what is to become of it", () => {
  test("of one that is well, nothing is said", () => {
    expect(sayOutlook(worker("a"), NOW)).toBe("");
  });

  test("who asked it to end, when, and what it does then", () => {
    expect(sayOutlook(worker("a", { state: "busy", ...DRAINED }), NOW)).toBe(
      "ada asked it 1 min ago to drain: it ends after this run.",
    );
    expect(sayOutlook(worker("a", { state: "busy", ...DRAINED, asked_to: "stop" }), NOW)).toContain(
      "gives its run back",
    );
    expect(sayOutlook(worker("a", DRAINED), NOW)).toBe("ada asked it 1 min ago to end.");
    expect(sayOutlook(worker("a", { ...DRAINED, state: "lost" }), NOW)).toContain("it has not heard");
    expect(sayOutlook(worker("a", { ...DRAINED, state: "stopped" }), NOW)).toBe("");
  });

  test("what becomes of a lost one's run, and who waits for it", () => {
    expect(sayOutlook(worker("a", { state: "lost", run: "k", num_sent: 1 }), NOW)).toBe(
      "It fell silent in the middle of a run; another worker takes that up, once. 1 run waits for it alone.",
    );
  });
});

describe("what it can be asked", () => {
  test("what it was asked already is not offered again, and nothing of one that has ended", () => {
    expect(findWishes(worker("a"))).toEqual(["drain", "stop"]);
    expect(findWishes(worker("a", DRAINED))).toEqual(["stop"]);
    expect(findWishes(worker("a", { ...DRAINED, asked_to: "stop" }))).toEqual([]);
    expect(findWishes(worker("a", { state: "stopped" }))).toEqual([]);
  });

  test("a run is only sent to one that will take it", () => {
    expect([
      takesRuns(worker("a")),
      takesRuns(worker("a", { state: "busy" })),
      takesRuns(worker("a", { state: "lost" })),
      takesRuns(worker("a", DRAINED)),
    ]).toEqual([true, true, false, false]);
  });

  test("the question says what becomes of its run", () => {
    expect(sayQuestion(worker("a", { state: "busy" }), "stop")).toEqual({
      title: "Stop a?",
      words:
        "It gives its run back: another worker begins it anew. It is started again where it was started, not from here.",
    });
    expect(sayQuestion(worker("a"), "drain").words).toContain("It takes no run any more, and ends.");
  });

  test("what came of sending a run is said, also where it went elsewhere", () => {
    const queued = { key: "k", sent_to: "a", note: null };

    expect(saySent(worker("a"), queued)).toBe("A run is queued for a.");
    expect(saySent(worker("a"), { ...queued, sent_to: null })).toContain("waits already");
    expect(saySent(worker("a"), { ...queued, note: "a is lost: …" })).toBe("a is lost: …");
  });
});

test("a name is written into an address as it must be", async () => {
  const asked: [string, JsonRequest | undefined][] = [];
  const client = new WorkersClient((path: string, request?: JsonRequest) => {
    asked.push([path, request]);
    return Promise.resolve({ body: {} } as JsonAnswer);
  });

  await client.ask("a b/c", "stop");
  await client.train("a");

  expect(asked).toEqual([
    ["/api/v1/workers/a%20b%2Fc/stop", { method: "POST", body: {} }],
    ["/api/v1/train", { method: "POST", body: { worker: "a" } }],
  ]);
});
