import { expect, test } from "vitest";
import { Announcer } from "../../src/view/draw/announcer.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { makeGuess } from "../testing/guesses.ts";

function start() {
  const clock = new FakeClock();
  const said: string[] = [];
  return { clock, said, announcer: new Announcer((words) => said.push(words), clock.later) };
}

test("what it knows is said once, not at every stroke", () => {
  const { clock, said, announcer } = start();

  for (let stroke = 0; stroke < 5; stroke++) {
    announcer.announce(makeGuess({ cat: 0.9 }));
    clock.pass(3);
  }

  expect(said).toEqual(["Oh, I know: it is a cat!"]);
});

test("guesses that change quickly are said at most every two seconds, and the last one is said", () => {
  const { clock, said, announcer } = start();

  for (const name of ["cat", "dog", "fish"]) announcer.announce(makeGuess({ [name]: 0.6 }));
  expect(said).toEqual(["I see a cat …"]);
  clock.pass(2);

  expect(said).toEqual(["I see a cat …", "I see a fish …"]);
});

test("it doubts, knows, and thinks better of it", () => {
  const { clock, said, announcer } = start();

  for (const guess of [{ rabbit: 0.5, fish: 0.3 }, { cat: 0.9 }, { cat: 0.95 }, { dog: 0.85 }]) {
    announcer.announce(makeGuess(guess));
    clock.pass(2);
  }

  expect(said).toEqual(["I see a rabbit … or a fish?", "Oh, I know: it is a cat!", "No, wait: it is a dog!"]);
});

test("what is unknown is said as such", () => {
  const { said, announcer } = start();

  announcer.announce(makeGuess({ cat: 0.9 }, true));

  expect(said).toEqual(["I don’t know this yet."]);
});

test("an empty sheet is silent at once, and what comes then is new", () => {
  const { clock, said, announcer } = start();
  announcer.announce(makeGuess({ cat: 0.9 }));

  announcer.announce(undefined);
  expect(said.at(-1)).toBe("");
  announcer.announce(makeGuess({ cat: 0.9 }));
  clock.pass(2);

  expect(said).toEqual(["Oh, I know: it is a cat!", "", "Oh, I know: it is a cat!"]);
});
