/** Says messages in the language the page speaks now. */
import {
  ENGLISH_AT_START,
  type Message,
  type MessageKey,
  type Messages,
  type Vocabulary,
} from "./catalogue.ts";
import type { Language } from "./language.ts";

/** What stands in a message's `{names}`; numbers are written the language's way. */
export type Values = Readonly<Record<string, string | number>>;

interface Speech {
  readonly language: Language;
  readonly catalogue: Readonly<Record<string, Messages>>;
  readonly labels: Vocabulary["labels"];
}

const VOCABULARIES: Readonly<Record<Language, () => Promise<Vocabulary>>> = {
  en: async () => (await import("./english.ts")).ENGLISH,
  de: async () => (await import("./german.ts")).GERMAN,
};

let speech: Speech = { language: "en", catalogue: ENGLISH_AT_START, labels: {} };
let newest: Language = "en";

export function spokenLanguage(): Language {
  return speech.language;
}

/**
 * Speak a language from now on. Where two are asked for at once, the later one stays.
 *
 * @throws TypeError when its messages cannot be loaded; the page goes on in the language it spoke.
 */
export async function speak(language: Language): Promise<void> {
  newest = language;
  const vocabulary = await VOCABULARIES[language]();
  if (newest === language) speech = { language, ...vocabulary };
}

/** Load what the parts say that are loaded late; their doors wait for it. @throws TypeError as `speak`. */
export async function loadAllMessages(): Promise<void> {
  await speak(newest);
}

/**
 * Say a message.
 *
 * @param values one for each `{name}` in it; `count` chooses the plural form.
 */
export function say(key: MessageKey, values: Values = {}): string {
  return fill(choose(findMessage(key), values), values);
}

/** What a label is called, alone: "rabbit". */
export function sayName(label: { readonly name: string }): string {
  return findLabel(label.name)?.name ?? label.name;
}

/** What a label is called as the object of "Draw ...": "a rabbit". */
export function sayPrompt(label: { readonly name: string; readonly prompt: string }): string {
  return findLabel(label.name)?.prompt ?? label.prompt;
}

/**
 * Write a number the language's way.
 *
 * @param numDigits after the point; without it as many as are needed, at most three.
 */
export function formatNumber(value: number, numDigits?: number): string {
  const digits =
    numDigits === undefined ? {} : { minimumFractionDigits: numDigits, maximumFractionDigits: numDigits };
  return new Intl.NumberFormat(speech.language, digits).format(value);
}

function findMessage(key: MessageKey): Message {
  const [part = "", name = ""] = key.split(".");
  const message = speech.catalogue[part]?.[name];
  if (message === undefined) throw new Error(`the message ${key} is not there in ${speech.language}`);
  return message;
}

function findLabel(name: string) {
  return Object.hasOwn(speech.labels, name) ? speech.labels[name] : undefined;
}

function choose(message: Message, { count }: Values): string {
  if (typeof message === "string") return message;
  const form = new Intl.PluralRules(speech.language).select(Number(count));
  return message[form] ?? message.other ?? "";
}

function fill(words: string, values: Values): string {
  return words.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === "number" ? formatNumber(value) : (value ?? "");
  });
}
