/** Words for a screen reader alone, where all that changes is seen elsewhere than where the focus is. */
import { make } from "../element.ts";

/** Make a place for them behind an element. @returns what puts words there; the reader says them when it has time. */
export function makeUnseenWords(id: string, before: Element): (words: string) => void {
  const place = make("p", { class: "unseen", attributes: { id, "aria-live": "polite" } });
  before.after(place);
  return (words) => {
    place.textContent = words;
  };
}
