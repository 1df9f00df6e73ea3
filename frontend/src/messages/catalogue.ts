/** Every message of the draw page in English, which every other language has the keys of. */
import game from "./en/game.json";
import offline from "./en/offline.json";
import pad from "./en/pad.json";
import page from "./en/page.json";
import photo from "./en/photo.json";
import privacy from "./en/privacy.json";
import settings from "./en/settings.json";

export const ENGLISH = { game, offline, pad, page, photo, privacy, settings };

type Part = keyof typeof ENGLISH;

/** `part.name`: file and entry of a message. */
export type MessageKey = { [P in Part]: `${P}.${keyof (typeof ENGLISH)[P] & string}` }[Part];

/** Words with `{names}` in them; or one for each plural form, chosen by the value named `count`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

export type Catalogue = Readonly<Record<Part, Readonly<Record<string, Message>>>>;

/** What a language calls a label: alone, and as the object of "Draw ...". */
export interface LabelWords {
  readonly name: string;
  readonly prompt: string;
}

/** All that is loaded with a language. */
export interface Vocabulary {
  readonly catalogue: Catalogue;
  /** By the label's name; a label that is not here keeps the words the server has for it. */
  readonly labels: Readonly<Record<string, LabelWords>>;
}
