/** The message files keep to each other, to the scripts that use them and to the page they stand on. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Message, Vocabulary } from "../../src/messages/catalogue.ts";
import { ENGLISH } from "../../src/messages/english.ts";
import { GERMAN } from "../../src/messages/german.ts";

const FRONTEND = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = readFileSync(join(FRONTEND, "index.html"), "utf8");

const english = flatten(ENGLISH.catalogue);
const german = flatten(GERMAN.catalogue);

/** Every message by its key. */
function flatten(catalogue: Vocabulary["catalogue"]): Map<string, Message> {
  return new Map(
    Object.entries(catalogue).flatMap(([part, messages]) =>
      Object.entries(messages).map(([name, message]) => [`${part}.${name}`, message] as const),
    ),
  );
}

function formsOf(message: Message | undefined): Record<string, string> {
  return typeof message === "object" ? { ...message } : { "": message ?? "" };
}

/** The `{names}` in any form of a message. */
function placeholdersOf(message: Message | undefined): string[] {
  const words = Object.values(formsOf(message)).join(" ");
  return [...new Set([...words.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""))].sort();
}

const SCRIPTS = readdirSync(join(FRONTEND, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /(?<!\.test|\.d)\.ts$/.test(name))
  .map((name) => readFileSync(join(FRONTEND, "src", name), "utf8"));

/** Keys as they stand in scripts, whole, and in HTML's attributes. */
function findUsed(): Set<string> {
  const parts = Object.keys(ENGLISH.catalogue).join("|");
  const inScript = new RegExp(`"((?:${parts})\\.[a-z0-9_]+)"`, "g");
  const inPage = /data-message(?:-label|-title)?="([^"]+)"/g;
  const found = SCRIPTS.flatMap((script) => [...script.matchAll(inScript)]);
  return new Set([...found, ...PAGE.matchAll(inPage)].map((match) => match[1] ?? ""));
}

test("both languages have the same messages", () => {
  expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
});

test("a message has the same placeholders in both languages", () => {
  for (const [key, message] of english) {
    expect([key, placeholdersOf(german.get(key))]).toEqual([key, placeholdersOf(message)]);
  }
});

test("a message that depends on a count has every plural form its language has, and counts", () => {
  for (const [language, messages] of Object.entries({ en: english, de: german })) {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, message] of messages) {
      if (typeof message === "string") continue;
      expect([key, Object.keys(message).sort()]).toEqual([key, [...forms].sort()]);
      expect(placeholdersOf(message)).toContain("count");
    }
  }
});

test("no message is empty or keeps space at its ends", () => {
  for (const [key, message] of [...english, ...german]) {
    for (const words of Object.values(formsOf(message)))
      expect([key, words]).toEqual([key, words.trim() || "words"]);
  }
});

test("every message used is there", () => {
  expect([...findUsed()].filter((key) => !english.has(key))).toEqual([]);
});

test("no message is there that nobody uses", () => {
  const used = findUsed();

  expect([...english.keys()].filter((key) => !used.has(key))).toEqual([]);
});

test("a message is given what stands in it", () => {
  const calls = SCRIPTS.flatMap((script) => [
    ...script.matchAll(/\bsay\(\s*"([a-z_]+\.[a-z0-9_]+)"\s*(?:,\s*\{([^{}]*)\}\s*)?,?\s*\)/g),
  ]);
  for (const [, key = "", values = ""] of calls) {
    const given = values
      .split(",")
      .map((value) => value.split(":")[0]?.trim() ?? "")
      .filter(Boolean);
    if (given.some((name) => name.startsWith("..."))) continue;
    expect([key, given.sort()]).toEqual([key, placeholdersOf(english.get(key))]);
  }
});

test("the words in index.html are the English messages", () => {
  const texts = [...PAGE.matchAll(/data-message="([^"]+)"[^>]*>([^<]*)</g)];
  for (const [, key = "", text = ""] of texts) {
    expect([key, text.replace(/\s+/g, " ").trim()]).toEqual([key, english.get(key)]);
  }
  for (const [tag] of PAGE.matchAll(/<[^>]*data-message-(?:label|title)="[^>]*>/g)) {
    expect([tag, readLabel(tag)]).toEqual([
      tag,
      english.get(tag.match(/data-message-(?:label|title)="([^"]+)"/)?.[1] ?? ""),
    ]);
  }
});

function readLabel(tag: string): string | undefined {
  return tag.match(/\s(?:aria-label|title)="([^"]+)"/)?.[1];
}

test("German words for labels are given alone and as an object", () => {
  for (const [name, words] of Object.entries(GERMAN.labels)) {
    expect([name, Object.keys(words).sort()]).toEqual([name, ["name", "prompt"]]);
  }
});
