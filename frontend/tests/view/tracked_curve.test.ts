import { describe, expect, test } from "vitest";
import type { Curve, CurvePoint, TrackedRun } from "../../src/server/runs.ts";
import { TrackedCurve } from "../../src/view/console/runs/tracked_curve.ts";

function point(step: number): CurvePoint {
  return { step, epoch: Math.floor(step / 10), loss: 1, accuracy: 0.5, learning_rate: 0.001 };
}

function at(step: number, more: Partial<TrackedRun> = {}): TrackedRun {
  const progress = { epoch: Math.floor(step / 10), num_steps: 100, step, point: point(step) };
  return { key: "a", state: "running", progress, ...more } as TrackedRun;
}

/** A server that has a point a step, up to `upTo`. */
class FakeServer {
  upTo = 0;
  readonly asked: (number | undefined)[] = [];

  async fetch(after?: number): Promise<Curve | undefined> {
    this.asked.push(after);
    const all = Array.from({ length: this.upTo }, (_, index) => point(index + 1));
    return { points: all.filter(({ step }) => step > (after ?? 0)), epochs: [] };
  }
}

/** Let what was asked for come in. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

function track(): { server: FakeServer; curve: TrackedCurve; steps: () => number[]; changes: () => number } {
  const server = new FakeServer();
  let num = 0;
  const curve = new TrackedCurve(
    "a",
    (after) => server.fetch(after),
    () => {
      num += 1;
    },
  );
  return { server, curve, steps: () => curve.curve.points.map(({ step }) => step), changes: () => num };
}

describe("a run's curve on the page", () => {
  test("grows with each point that is heard, and has its gaps filled at an epoch's end", async () => {
    const { server, curve, steps } = track();
    server.upTo = 2;
    curve.refresh();
    await settle();
    curve.hear(at(2));
    curve.hear(at(5));
    await settle();
    expect(steps()).toEqual([1, 2, 5]);

    server.upTo = 10;
    curve.hear(at(10));
    await settle();

    expect(steps()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(server.asked.at(-1)).toBe(2);
  });

  test("keeps what is heard while an answer is on its way", async () => {
    const { server, curve, steps } = track();
    server.upTo = 3;
    curve.refresh();
    await settle();

    curve.hear(at(12));
    curve.hear(at(13));
    await settle();

    expect(steps()).toEqual([1, 2, 3, 12, 13]);
  });

  test("begins anew with a run that was taken up again", async () => {
    const { server, curve, steps } = track();
    server.upTo = 30;
    curve.refresh();
    await settle();

    server.upTo = 4;
    curve.hear(at(4));
    await settle();

    expect(steps()).toEqual([1, 2, 3, 4]);
  });

  test("is asked for once more when its run has ended, and not after the page was left", async () => {
    const { server, curve, changes } = track();
    curve.hear(at(3, { state: "finished", progress: null }));
    await settle();
    expect(server.asked).toEqual([undefined]);

    const before = changes();
    curve.refresh();
    curve.close();
    await settle();

    expect(changes()).toBe(before);
  });
});
