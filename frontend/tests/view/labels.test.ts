import { expect, test } from "vitest";
import type { LabelBook } from "../../src/server/label_orders.ts";
import {
  ABOUT_ENOUGH,
  listStandings,
  spreadErrors,
  suggestPrompt,
} from "../../src/view/console/labels/label_words.ts";

const CAT = { name: "cat", prompt: "a cat", emoji: "\u{1f431}", added_at: null };
const MOUSE = { name: "mouse", prompt: "a mouse", emoji: "\u{1f42d}", added_at: "2026-01-02T03:04:05+00:00" };

function bookOf(numMice: number, ...known: string[]): LabelBook {
  return { labels: [CAT, MOUSE], numDrawings: { cat: 3, mouse: numMice }, known: new Set(known) };
}

test("a label nobody has learnt says how much is missing", () => {
  const [cat, mouse] = listStandings(bookOf(ABOUT_ENOUGH - 1, "cat"));

  expect([cat?.numDrawings, cat?.words]).toEqual([3, ""]);
  expect([mouse?.isKnown, mouse?.words]).toEqual([false, "about 1 drawing to go before runs learn it"]);
  expect(listStandings(bookOf(ABOUT_ENOUGH, "cat"))[1]?.words).toContain("verdict");
});

test("only an added label that the live version does not know may be withdrawn", () => {
  const mayBe = (...known: string[]) =>
    listStandings(bookOf(0, ...known)).map(({ mayBeWithdrawn }) => mayBeWithdrawn);

  expect(mayBe("cat")).toEqual([false, true]);
  expect(mayBe("cat", "mouse")).toEqual([false, false]);
  expect(mayBe()).toEqual([false, true]);
});

test("a label nobody has drawn has no drawings", () => {
  const book: LabelBook = { ...bookOf(0), numDrawings: {} };

  expect(listStandings(book).map(({ numDrawings }) => numDrawings)).toEqual([0, 0]);
});

test.each([
  ["mouse", "a mouse"],
  ["alarm_clock", "an alarm clock"],
  [" owl ", "an owl"],
  ["", ""],
])("the prompt suggested for %j is %j", (name, prompt) => {
  expect(suggestPrompt(name)).toBe(prompt);
});

test("what the server refuses stands beside the field it is about", () => {
  const errors = [
    { field: "emoji", detail: "An emoji is one picture sign." },
    { field: "emoji", detail: "And another thing." },
  ];

  expect(spreadErrors("An emoji is one picture sign.", errors)).toEqual({
    name: "",
    prompt: "",
    emoji: "An emoji is one picture sign.",
    "": "",
  });
});

test("what is about no field stands below the form", () => {
  expect(spreadErrors("The server does not answer.", [])[""]).toBe("The server does not answer.");
  expect(spreadErrors("No.", [{ field: "colour", detail: "Not a field." }])[""]).toBe("Not a field.");
});
