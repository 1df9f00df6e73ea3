/** What the one who draws has chosen, kept in this browser and nowhere else. */
import { chooseLanguage, isLanguage, type Language } from "../../messages/index.ts";

export interface Preferences {
  readonly language: Language;
  /** Whether a drawing's seconds are counted. */
  readonly hasTimer: boolean;
  /** Whether drawings are sent; otherwise they are guessed here and forgotten. */
  readonly isStoring: boolean;
  /** The hand that draws: on a phone the tools are where its thumb is. */
  readonly hand: "right" | "left";
  /** Whether single letters are keys of the page; who speaks to the browser may want none (WCAG 2.1, 2.1.4). */
  readonly hasLetterKeys: boolean;
}

/** The part of `localStorage` that preferences need; every call may throw where a browser keeps nothing. */
export type PreferenceStorage = Pick<Storage, "getItem" | "setItem">;

type Chosen = { readonly [Name in keyof Preferences]?: Preferences[Name] };
type Listener = (current: Preferences, before: Preferences) => void;

export const PREFERENCES_KEY = "doodle-loop.preferences";

/**
 * The preferences of this browser, shared by its tabs.
 *
 * Only what was chosen is kept: who never chose a language is spoken to in the browser's, whatever that becomes. Where
 * the browser keeps nothing, or nothing more, choices hold as long as the page.
 */
export class PreferenceStore {
  private readonly storage: PreferenceStorage | undefined;
  private readonly wanted: readonly string[];
  private readonly listeners: Listener[] = [];
  private chosen: Chosen;
  /** What was chosen here since anything could be written: whatever the storage says meanwhile, this holds. */
  private unkept: Chosen = {};
  private kept: boolean;

  /**
   * @param storage undefined where the browser has none.
   * @param wanted languages the browser asks for, the best one first.
   */
  constructor(storage: PreferenceStorage | undefined, wanted: readonly string[]) {
    this.storage = storage;
    this.wanted = wanted;
    this.kept = storage !== undefined;
    this.chosen = this.read() ?? {};
  }

  get current(): Preferences {
    return {
      language: chooseLanguage(this.wanted),
      hasTimer: true,
      isStoring: true,
      hand: "right",
      hasLetterKeys: true,
      ...this.chosen,
    };
  }

  /** False where the browser would not keep them. */
  get isKept(): boolean {
    return this.kept;
  }

  set(change: Partial<Preferences>): void {
    this.unkept = { ...this.unkept, ...change };
    this.refresh();
    this.write();
  }

  /** Take over what another tab has chosen. */
  refresh(): void {
    this.change({ ...(this.read() ?? this.chosen), ...this.unkept }, this.current);
  }

  /** Call back after each change, with the preferences before it. */
  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  private change(chosen: Chosen, before: Preferences): void {
    this.chosen = chosen;
    const { current } = this;
    if (isSame(current, before)) return;
    for (const listener of this.listeners) listener(current, before);
  }

  private read(): Chosen | undefined {
    try {
      return this.storage ? readChosen(this.storage.getItem(PREFERENCES_KEY)) : undefined;
    } catch {
      // Blocked storage throws at every touch: the choices of this page are all there are.
      return undefined;
    }
  }

  private write(): void {
    try {
      this.storage?.setItem(PREFERENCES_KEY, JSON.stringify(this.chosen));
      this.kept = this.storage !== undefined;
      this.unkept = {};
    } catch {
      this.kept = false;
    }
  }
}

/** Get the browser's storage; undefined where touching it is forbidden. */
export function findStorage(): PreferenceStorage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

function isSame(one: Preferences, other: Preferences): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Read what was kept; what makes no sense, of another release or another hand, counts as not chosen. */
function readChosen(text: string | null): Chosen {
  const kept = parseObject(text ?? "{}");
  const { language, hasTimer, isStoring, hand, hasLetterKeys } = kept;
  return {
    ...(isLanguage(language) && { language }),
    ...(typeof hasTimer === "boolean" && { hasTimer }),
    ...(typeof isStoring === "boolean" && { isStoring }),
    ...((hand === "right" || hand === "left") && { hand }),
    ...(typeof hasLetterKeys === "boolean" && { hasLetterKeys }),
  };
}

function parseObject(text: string): Partial<Record<keyof Preferences, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
