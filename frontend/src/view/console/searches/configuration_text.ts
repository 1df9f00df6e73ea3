/** A search's configuration as text: read from a file or from hands, and written to be read. */
import { type FieldError, RefusedError } from "../../../server/http.ts";
import type { Configuration, Property, Value, ValueRange } from "../../../server/searches.ts";

/** Nobody writes more by hand; what is larger is some other file. */
export const MOST_CHARACTERS = 20_000;

/** The parts of a range, in the order they are read best. */
const RANGE: readonly string[] = ["min", "max", "log"];

export interface Fault {
  /** The property's; empty where the whole is meant. */
  readonly name: string;
  readonly words: string;
}

export type Read = { readonly configuration: Configuration } | { readonly fault: Fault };

/** Read a configuration; what is in it, the server judges. */
export function readConfiguration(text: string): Read {
  if (text.length > MOST_CHARACTERS) return refuse("It is longer than any configuration.");
  try {
    const read: unknown = JSON.parse(text);
    const isObject = typeof read === "object" && read !== null && !Array.isArray(read);
    return isObject
      ? { configuration: read as Configuration }
      : refuse('Expected an object: {"EPOCHS": 1, …}.');
  } catch (error) {
    return refuse(`It is no JSON: ${(error as SyntaxError).message}`);
  }
}

function refuse(words: string): Read {
  return { fault: { name: "", words } };
}

/** Write a configuration with one property a line. */
export function writeConfiguration(configuration: Configuration): string {
  const lines = Object.entries(configuration).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${writeValue(value)}`,
  );
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n}`;
}

function writeValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => JSON.stringify(each)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const placeOf = (name: string) => RANGE.indexOf(name);
  const parts = Object.entries(value)
    .sort(([one], [other]) => placeOf(one) - placeOf(other))
    .map(([name, each]) => `${JSON.stringify(name)}: ${JSON.stringify(each)}`);
  return `{${parts.join(", ")}}`;
}

/** Put properties in an order; what it does not name comes last. */
export function orderProperties(configuration: Configuration, names: readonly string[]): Configuration {
  const placeOf = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
  const entries = Object.entries(configuration);
  return Object.fromEntries(entries.sort(([one], [other]) => placeOf(one) - placeOf(other)));
}

/** Say what a property may be in a search. */
export function sayChoice(choice: Configuration[string]): string {
  if (choice === null) return "default";
  if (isRange(choice)) return `${choice.min} to ${choice.max}${choice.log ? ", by factors" : ""}`;
  return isList(choice) ? choice.map(String).join(" \u00b7 ") : String(choice);
}

/** Say what a property's values may be. */
export function sayBounds({ kind, low, high, words }: Property): string {
  if (kind === "word") return words.join(", ");
  return `${kind === "integer" ? "a whole number" : "a number"} from ${low} to ${high}`;
}

/** Whether a property differs from trial to trial. */
export function isVaried(choice: Configuration[string] | undefined): boolean {
  if (choice === null || choice === undefined) return false;
  return isRange(choice) || (isList(choice) && choice.length > 1);
}

/** The properties that differ from trial to trial, in order. */
export function listVaried(configuration: Configuration): string[] {
  return Object.keys(configuration).filter((name) => isVaried(configuration[name]));
}

export function isRange(choice: Configuration[string]): choice is ValueRange {
  return typeof choice === "object" && choice !== null && !Array.isArray(choice);
}

function isList(choice: Configuration[string]): choice is readonly Value[] {
  return Array.isArray(choice);
}

/** Which properties have another value now. */
export function listChanged(before: Configuration, after: Configuration): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => writeValue(before[name] ?? null) !== writeValue(after[name] ?? null));
}

/** Say what a file did to the configuration that was shown. */
export function sayTaken(
  file: string,
  given: Configuration,
  changed: readonly string[],
  complete: Configuration,
): string {
  const taken = Object.keys(given);
  const kept = Object.keys(complete).filter((name) => !taken.includes(name));
  const news = changed.length === 0 ? "nothing changed" : `changed: ${changed.join(", ")}`;
  const rest = kept.length === 0 ? "" : ` Left out, and as before: ${kept.join(", ")}.`;
  return `Taken from ${file}; ${news}.${rest}`;
}

/** Name the properties that a refusal is about. @returns undefined where it names none. */
export function listFaults(error: unknown): Fault[] | undefined {
  if (!(error instanceof RefusedError) || error.fields.length === 0) return undefined;
  return error.fields.map(({ field, detail }: FieldError) => ({
    name: field.replace(/^configuration\.?/, ""),
    words: detail,
  }));
}
