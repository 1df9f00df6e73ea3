import { expect, test } from "vitest";
import { Retry, retryDelaySeconds } from "../../src/server/retry.ts";
import { FakeClock } from "../testing/fake_clock.ts";

test("each failure in a row doubles the wait, up to a minute", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((numFailures) => retryDelaySeconds(numFailures, 0));

  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test("chance shortens the wait by up to a half, so that pages do not come all at once", () => {
  expect(retryDelaySeconds(4, 0.5)).toBe(6);
  expect(retryDelaySeconds(4, 0.999)).toBeGreaterThan(4);
});

/** Something that is tried again, on a clock of its own. */
function retrying(longestSeconds?: number) {
  const clock = new FakeClock();
  let numTries = 0;
  const again = () => {
    numTries += 1;
  };
  const retry = new Retry({ later: clock.later, chance: () => 0 }, again, longestSeconds);
  return { clock, retry, numTries: () => numTries };
}

test("one try is planned at a time, later the more often it fails", () => {
  const { clock, retry, numTries } = retrying();

  retry.fail();
  retry.fail();
  expect(clock.pending).toEqual([1]);
  clock.pass(1);
  expect(numTries()).toBe(1);
  retry.fail();
  expect(clock.pending).toEqual([4]);
});

test("after a success the waits begin anew", () => {
  const { clock, retry } = retrying();
  retry.fail();
  clock.pass(1);

  retry.succeed();
  retry.fail();

  expect(clock.pending).toEqual([1]);
});

test("the wait is never shorter than the server asks for, whatever the longest one is", () => {
  const { clock, retry } = retrying(2);

  retry.fail(30);
  expect(clock.pending).toEqual([30]);
  clock.pass(30);
  for (let count = 0; count < 5; count += 1) {
    retry.fail();
    clock.pass(2);
  }
  retry.fail();
  expect(clock.pending).toEqual([2]);
});
