/** Words that stand on the page, and are said again when the language changes. */
import type { MessageKey } from "./catalogue.ts";
import type { Language } from "./language.ts";
import { say, speak, spokenLanguage } from "./speech.ts";

/** How an element that a script has written is written again. */
const painters = new WeakMap<Element, () => void>();

/** Where a message goes, by the attribute that names it in HTML. */
const PLACES: Readonly<Record<string, (element: Element, words: string) => void>> = {
  "data-message": (element, words) => setText(element, words),
  "data-message-label": (element, words) => element.setAttribute("aria-label", words),
  "data-message-title": (element, words) => element.setAttribute("title", words),
};

/** Write words into an element, now and whenever the language changes. */
export function tell(element: Element, words: () => string): void {
  keepPainted(element, () => setText(element, words()));
}

/** Paint an element's inside that is more than text, now and whenever the language changes. */
export function keepPainted(element: Element, paint: () => void): void {
  element.toggleAttribute("data-painted", true);
  // The words it came with are no longer what it says.
  element.removeAttribute("data-message");
  painters.set(element, paint);
  paint();
}

/** Speak a language on the whole page. @throws TypeError when it cannot be loaded. */
export async function translatePage(language: Language): Promise<void> {
  await speak(language);
  document.documentElement.lang = spokenLanguage();
  translate(document);
}

/** Say everything under `root` in the language spoken now. */
export function translate(root: ParentNode): void {
  for (const [attribute, put] of Object.entries(PLACES)) {
    for (const element of root.querySelectorAll(`[${attribute}]`)) {
      put(element, say(element.getAttribute(attribute) as MessageKey));
    }
  }
  for (const element of root.querySelectorAll("[data-painted]")) painters.get(element)?.();
}

function setText(element: Element, words: string): void {
  // A live region says everything that is written into it, the same words too.
  if (element.textContent !== words) element.textContent = words;
}
