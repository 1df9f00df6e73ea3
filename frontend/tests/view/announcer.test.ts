import { expect, test } from "vitest";
import { Announcer } from "../../src/view/draw/announcer.ts";
import { FakeClock } from "../testing/fake_clock.ts";

function guess(name: string, unknown = false) {
  return {
    ranked: [{ label: { name, prompt: `a ${name}`, emoji: "" }, confidence: 0.9 }],
    unknown,
    version: "",
  };
}

function start() {
  const clock = new FakeClock();
  const said: string[] = [];
  return { clock, said, announcer: new Announcer((words) => said.push(words), clock.later) };
}

test("the top guess is said once, not at every stroke", () => {
  const { clock, said, announcer } = start();

  for (let stroke = 0; stroke < 5; stroke++) {
    announcer.announce(guess("cat"));
    clock.pass(3);
  }

  expect(said).toEqual(["I think: cat"]);
});

test("guesses that change quickly are said at most every two seconds, and the last one is said", () => {
  const { clock, said, announcer } = start();

  for (const name of ["cat", "dog", "fish"]) announcer.announce(guess(name));
  expect(said).toEqual(["I think: cat"]);
  clock.pass(2);

  expect(said).toEqual(["I think: cat", "I think: fish"]);
});

test("what is unknown is said as such", () => {
  const { said, announcer } = start();

  announcer.announce(guess("cat", true));

  expect(said).toEqual(["I don’t know this yet"]);
});
