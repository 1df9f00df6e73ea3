/** The messages that the draw page starts with, in English; and the shape of every language's. */
import game from "./en/game.json";
import offline from "./en/offline.json";
import pad from "./en/pad.json";
import page from "./en/page.json";
import type { ENGLISH } from "./english.ts";

/** What a page says before any part of it is loaded late; the rest of the English comes with those parts. */
export const ENGLISH_AT_START = { game, offline, pad, page };

type Parts = (typeof ENGLISH)["catalogue"];
export type Part = keyof Parts;

/** `part.name`: file and entry of a message. */
export type MessageKey = { [P in Part]: `${P}.${keyof Parts[P] & string}` }[Part];

/** Words with `{names}` in them; or one for each plural form, chosen by the value named `count`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

export type Messages = Readonly<Record<string, Message>>;

/** What a language calls a label: alone, and as the object of "Draw ...". */
export interface LabelWords {
  readonly name: string;
  readonly prompt: string;
}

/** All that is loaded with a language. */
export interface Vocabulary {
  readonly catalogue: Readonly<Record<Part, Messages>>;
  /** By the label's name; a label that is not here keeps the words the server has for it. */
  readonly labels: Readonly<Record<string, LabelWords>>;
}
