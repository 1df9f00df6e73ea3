import { describe, expect, test } from "vitest";
import { sayAgo, sayDuration, sayNumber, sayShare } from "../../src/view/console/words.ts";
import { choosePrompt } from "../../src/view/draw/prompt.ts";
import { sayCorrection, sayFreeGuess, sayResult } from "../../src/view/draw/result_words.ts";
import { findCommand } from "../../src/view/draw/shortcuts.ts";

const cat = { name: "cat", prompt: "a cat", emoji: "🐱" };
const dog = { name: "dog", prompt: "a dog", emoji: "🐶" };

function guessed(label: typeof cat, unknown = false) {
  return { ranked: [{ label, confidence: 0.934 }], unknown, version: "aaaaaaaaaaaa" };
}

describe("what Done did, in words", () => {
  const drawn = (label: typeof cat, guess?: ReturnType<typeof guessed>, canBeGuessed = true) => ({
    label,
    guess,
    canBeGuessed,
  });
  const plain = (words: string) => words.replaceAll("\u00a0", " ");

  test.each([
    ["a right guess", guessed(cat), "Stored. I guessed cat (93 %) – right!"],
    ["a wrong guess", guessed(dog), "Stored. I guessed dog (93 %), you drew a cat. That is how I learn."],
    [
      "nothing it knows",
      guessed(cat, true),
      "Stored. I did not know this one yet. Drawings like it are how I learn.",
    ],
    ["no model", undefined, "Stored. I could not guess this time."],
  ])("%s", (_case, guess, words) => {
    expect(plain(sayResult({ kind: "stored" }, drawn(cat, guess)))).toBe(words);
  });

  test("a label the model has not learnt yet is no wrong guess", () => {
    expect(plain(sayResult({ kind: "stored" }, drawn(cat, guessed(dog), false)))).toBe(
      "Stored. What a cat looks like I have yet to learn, from drawings like this one.",
    );
  });

  test("a drawing that waits is not called stored", () => {
    expect(sayResult({ kind: "waiting" }, drawn(cat))).not.toContain("Stored");
    expect(sayCorrection({ kind: "waiting" }, dog)).toContain("as soon as");
  });

  test.each([
    ["a right guess", guessed(cat), true, "I guessed cat (93 %) – right!"],
    ["a wrong guess", guessed(dog), true, "I guessed dog (93 %), you drew a cat."],
    ["nothing it knows", guessed(cat, true), true, "I did not know this one."],
    ["a label it has yet to learn", guessed(dog), false, "What a cat looks like I have yet to learn."],
    ["no model", undefined, true, "I could not guess this time."],
  ])("who does not store is not told that it teaches: %s", (_case, guess, canBeGuessed, words) => {
    expect(plain(sayResult({ kind: "unsent" }, drawn(cat, guess, canBeGuessed)))).toBe(
      `Not stored, as you wish. ${words}`,
    );
  });

  test("a free drawing is guessed before it has a name", () => {
    expect(plain(sayFreeGuess({ guess: guessed(cat) }))).toBe("I guess cat (93 %).");
    expect(sayFreeGuess({ guess: guessed(cat, true) })).toContain("don’t know");
    expect(sayFreeGuess({ guess: undefined })).toContain("could not guess");
  });

  test("a refusal gives its reason", () => {
    expect(sayResult({ kind: "refused", reason: "bitmap: blank" }, drawn(cat, guessed(cat)))).toBe(
      "Not stored: bitmap: blank",
    );
  });
});

describe("the prompt", () => {
  test("is never the same twice in a row, whatever chance says", () => {
    expect([0, 0.5, 0.999].map((chance) => choosePrompt([cat, dog], ["cat"], chance).name)).toEqual([
      "dog",
      "dog",
      "dog",
    ]);
  });

  test("is any label at the start, and the only one where there is one", () => {
    expect([0, 0.999].map((chance) => choosePrompt([cat, dog], [], chance).name)).toEqual(["cat", "dog"]);
    expect(choosePrompt([cat], ["cat"], 0.5)).toBe(cat);
  });
});

describe("the keyboard", () => {
  const press = (key: string, held: object = {}) =>
    findCommand({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

  test("reaches every command", () => {
    expect(press("z", { ctrlKey: true })).toBe("undo");
    expect(press("Z", { ctrlKey: true, shiftKey: true })).toBe("redo");
    expect(press("y", { metaKey: true })).toBe("redo");
    expect(press("Delete")).toBe("clear");
    expect(press("s")).toBe("skip");
    expect(press("Enter")).toBe("enter");
  });

  test("leaves the browser's own keys alone", () => {
    expect(press("s", { ctrlKey: true })).toBeUndefined();
    expect(press("z")).toBeUndefined();
    expect(press("Enter", { altKey: true })).toBeUndefined();
  });
});

test("times and amounts are said in their largest unit", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");

  expect(sayAgo("2026-11-20T11:59:58Z", now)).toBe("just now");
  expect(sayAgo("2026-11-20T11:15:00Z", now)).toBe("45 min ago");
  expect([59, 90, 7200, 86_400, 200_000].map(sayDuration)).toEqual([
    "59 s",
    "2 min",
    "2 h",
    "1 day",
    "2 days",
  ]);
  expect(sayNumber(1_234_567)).toBe("1\u202f234\u202f567");
  expect(sayShare(0.8345)).toBe("83.5\u00a0%");
});
