/** The languages the draw page speaks; docs/languages.md says how to add one. */

/** As in `lang` attributes and in `Intl` (BCP 47). */
export type Language = "en" | "de";

/** Every language, by its own name for itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

export const LANGUAGES = Object.keys(LANGUAGE_NAMES) as readonly Language[];

export function isLanguage(value: unknown): value is Language {
  return typeof value === "string" && Object.hasOwn(LANGUAGE_NAMES, value);
}

/**
 * Choose the first language of the reader's that we speak; English where there is none.
 *
 * @param wanted the browser's `navigator.languages`, the best one first: `["de-AT", "en"]`.
 */
export function chooseLanguage(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.toLowerCase().split("-")[0]).find(isLanguage) ?? "en";
}
