import { beforeEach, expect, test } from "vitest";
import type { InkStrokes } from "../../src/ink/index.ts";
import { Doubt } from "../../src/view/draw/doubt.ts";
import { FakeClock } from "../testing/fake_clock.ts";

/** The pen's way is three sides of the box, and one. */
const DRAWING: InkStrokes = [
  [
    [0, 255, 255, 0],
    [0, 0, 255, 255],
  ],
];
const LINE: InkStrokes = [
  [
    [0, 255],
    [0, 0],
  ],
];

let clock: FakeClock;
let shown: boolean[];
let doubt: Doubt;

function take(unknown: boolean, ink = DRAWING): void {
  doubt.take({ ranked: [], unknown, version: "" }, ink);
}

beforeEach(() => {
  clock = new FakeClock();
  shown = [];
  doubt = new Doubt((guess) => shown.push(guess.unknown), clock.later);
});

test("a drawing that stays strange is called unknown, also when the pen rests", () => {
  take(true);
  clock.pass(0.7);

  expect(shown).toEqual([false, true]);
});

test("a strange stage that passes is never mentioned", () => {
  take(true);
  clock.pass(0.6);
  take(false);
  take(true);
  clock.pass(0.6);

  expect(shown).toEqual([false, false, false]);
});

test("a drawing that goes on being strange is called so at every guess, without another wait", () => {
  take(true);
  clock.pass(1);
  take(true);

  expect(shown).toEqual([false, true, true]);
});

test("what becomes known is known at once", () => {
  take(true);
  clock.pass(1);
  take(false);

  expect(shown).toEqual([false, true, false]);
});

test("a first line is no strange drawing, however long it stays alone", () => {
  take(true, LINE);
  clock.pass(60);

  expect(shown).toEqual([false]);
});

test("of a finished drawing it is said at once, and not again later", () => {
  take(true);
  doubt.settle({ ranked: [], unknown: true, version: "" });
  clock.pass(60);

  expect(shown).toEqual([false, true]);
});

test("of a drawing that is gone nothing is said", () => {
  take(true);
  doubt.forget();
  clock.pass(60);

  expect(shown).toEqual([false]);
});
