import { beforeEach, expect, test } from "vitest";
import { Pacing } from "../../src/view/draw/pacing.ts";
import { FakeClock } from "../testing/fake_clock.ts";

let clock: FakeClock;
let milliseconds: number;
let frames: (() => void)[];
let done: string[];
let pacing: Pacing;

function paint(): void {
  for (const callback of frames.splice(0)) callback();
}

function pass(time: number): void {
  milliseconds += time;
  clock.pass(time / 1000);
}

/** Work that takes so many milliseconds. */
function work(name: string, takes = 0): () => void {
  return () => {
    done.push(name);
    milliseconds += takes;
  };
}

beforeEach(() => {
  clock = new FakeClock();
  milliseconds = 0;
  frames = [];
  done = [];
  pacing = new Pacing({
    now: () => milliseconds,
    nextFrame: (callback) => frames.push(callback),
    later: clock.later,
  });
});

test("work is done once a frame, and only the newest", () => {
  for (const name of ["one", "two", "three"]) pacing.plan(work(name));
  paint();
  paint();

  expect(done).toEqual(["three"]);
});

test("after long work the thread is left alone four times as long, and then the newest is done", () => {
  pacing.plan(work("long", 30));
  paint();
  pacing.plan(work("next"));
  pacing.plan(work("newest"));

  pass(110);
  paint();
  expect(done).toEqual(["long"]);
  pass(10);
  paint();

  expect(done).toEqual(["long", "newest"]);
});

test("what is cancelled is not done, and what is planned after it is", () => {
  pacing.plan(work("cancelled"));
  pacing.cancel();
  paint();
  expect(done).toEqual([]);

  pacing.plan(work("later"));
  paint();

  expect(done).toEqual(["later"]);
});
