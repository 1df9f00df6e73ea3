import { expect, test } from "vitest";
import { findRecognition, type Thought, think } from "../../src/view/draw/thoughts.ts";
import { makeGuess } from "../testing/guesses.ts";

/** Think of names at seconds, one after the other; undefined is nothing known. */
function thinkOf(...guesses: readonly (readonly [string | undefined, number])[]): readonly Thought[] {
  let thoughts: readonly Thought[] = [];
  for (const [name, atSeconds] of guesses) {
    const guess = name ? makeGuess({ [name]: 0.6 }) : makeGuess({ cat: 0.6 }, true);
    thoughts = think(thoughts, guess, atSeconds);
  }
  return thoughts;
}

const read = (thoughts: readonly Thought[]) =>
  thoughts.map(({ label, atSeconds }) => [label?.name, atSeconds]);

test("a thought lasts as long as the top guess is the same", () => {
  const thoughts = thinkOf(["fish", 0], ["fish", 1], ["cat", 2], ["cat", 3]);

  expect(read(thoughts)).toEqual([
    ["fish", 0],
    ["cat", 2],
  ]);
});

test("what flickers by is no thought, and leaves the one before as it was", () => {
  expect(read(thinkOf(["cat", 0], ["dog", 1], ["cat", 1.1]))).toEqual([["cat", 0]]);
  expect(read(thinkOf(["dog", 0], ["fish", 0.1], ["cat", 0.2]))).toEqual([["cat", 0.2]]);
});

test("nothing it knows is a thought, too", () => {
  expect(read(thinkOf(["cat", 0], [undefined, 1], ["cat", 2]))).toEqual([
    ["cat", 0],
    [undefined, 1],
    ["cat", 2],
  ]);
});

test("recognition is since when the last thought was the label, and none when it was another", () => {
  const thoughts = thinkOf(["cat", 0], ["dog", 1], ["cat", 4.2]);

  expect(findRecognition(thoughts, "cat")).toBe(4.2);
  expect(findRecognition(thoughts, "dog")).toBeUndefined();
  expect(findRecognition([], "cat")).toBeUndefined();
});

test("however long somebody draws, thoughts are few", () => {
  const wavering = Array.from({ length: 500 }, (_, second) => [second % 2 ? "cat" : "dog", second] as const);

  const thoughts = thinkOf(...wavering);

  expect(thoughts).toHaveLength(50);
  expect(thoughts.at(-1)?.atSeconds).toBe(499);
});
