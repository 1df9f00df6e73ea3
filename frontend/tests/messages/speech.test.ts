import { afterEach, expect, test } from "vitest";
import {
  chooseLanguage,
  formatNumber,
  say,
  sayName,
  sayPrompt,
  speak,
  spokenLanguage,
} from "../../src/messages/index.ts";

const RABBIT = { name: "rabbit", prompt: "a rabbit" };
const DRAGON = { name: "dragon", prompt: "a dragon" };

afterEach(() => speak("en"));

test("a page speaks the first of the reader's languages that it knows, and English otherwise", () => {
  expect(chooseLanguage(["de-AT", "en"])).toBe("de");
  expect(chooseLanguage(["fr", "en-GB", "de"])).toBe("en");
  expect(chooseLanguage(["fr", "DE"])).toBe("de");
  expect(chooseLanguage(["fr"])).toBe("en");
  expect(chooseLanguage([])).toBe("en");
  // Names that every object has are no languages.
  expect(chooseLanguage(["constructor"])).toBe("en");
});

test("a message is said in the language spoken now", async () => {
  expect(say("page.undo")).toBe("Undo");

  await speak("de");

  expect([spokenLanguage(), say("page.undo")]).toEqual(["de", "Zurück"]);
});

test("of two languages asked for at once the later one is spoken", async () => {
  await Promise.all([speak("de"), speak("en")]);

  expect(say("page.undo")).toBe("Undo");
});

test("values stand in their places, as they are", () => {
  expect(say("page.not_stored", { reason: "$& {reason}" })).toBe("Not stored: $& {reason}");
});

test("a count chooses the plural form and is written the language's way", async () => {
  expect(say("page.waiting", { count: 1 })).toBe("1 drawing waits to be sent");
  expect(say("page.waiting", { count: 1200 })).toBe("1,200 drawings wait to be sent");

  await speak("de");

  expect(say("page.waiting", { count: 1200 })).toBe("1.200 Zeichnungen warten auf das Senden");
});

test("numbers have the language's point", async () => {
  expect(formatNumber(4.25, 1)).toBe("4.3");

  await speak("de");

  expect([formatNumber(4.2, 1), formatNumber(4, 1)]).toEqual(["4,2", "4,0"]);
});

test("labels we ship have German words; an operator's own keep theirs", async () => {
  expect([sayName(RABBIT), sayPrompt(RABBIT)]).toEqual(["rabbit", "a rabbit"]);

  await speak("de");

  expect([sayName(RABBIT), sayPrompt(RABBIT)]).toEqual(["Hase", "einen Hasen"]);
  expect([sayName(DRAGON), sayPrompt(DRAGON)]).toEqual(["dragon", "a dragon"]);
  expect(sayName({ name: "toString" })).toBe("toString");
});
