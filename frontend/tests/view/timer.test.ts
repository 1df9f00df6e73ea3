import { expect, test } from "vitest";
import { DRAWING_SECONDS, Timer } from "../../src/view/draw/timer.ts";
import { FakeClock } from "../testing/fake_clock.ts";

function start() {
  const clock = new FakeClock();
  let numEnds = 0;
  const timer = new Timer({ now: () => clock.seconds * 1000, later: clock.later }, () => {
    numEnds += 1;
  });
  return { clock, timer, numEnds: () => numEnds };
}

test("time runs from the first ink, says once that it is over, and goes on", () => {
  const { clock, timer, numEnds } = start();
  clock.pass(100);
  expect([timer.state, timer.seconds]).toEqual(["ready", 0]);

  timer.start();
  clock.pass(4);
  timer.start();
  expect([timer.state, timer.seconds]).toEqual(["running", 4]);

  clock.pass(DRAWING_SECONDS);
  expect([timer.state, timer.seconds, numEnds()]).toEqual(["over", DRAWING_SECONDS + 4, 1]);
});

test("a finished drawing's time stands still, and nobody is told that it is over", () => {
  const { clock, timer, numEnds } = start();
  timer.start();
  clock.pass(10);

  timer.hold();
  clock.pass(100);

  expect([timer.state, timer.seconds, numEnds()]).toEqual(["held", 10, 0]);
});

test("a drawing that could not be kept goes on as if nothing had been", () => {
  const { clock, timer } = start();
  timer.start();
  timer.hold();
  clock.pass(5);

  timer.resume();

  expect([timer.state, timer.seconds]).toEqual(["running", 5]);
});

test("the alarm of a drawing that was skipped does not ring for the next one", () => {
  const { clock, timer, numEnds } = start();
  timer.start();
  clock.pass(20);

  timer.reset();
  timer.start();
  clock.pass(20);
  expect([timer.state, numEnds()]).toEqual(["running", 0]);

  clock.pass(10);
  expect([timer.state, numEnds()]).toEqual(["over", 1]);
});
