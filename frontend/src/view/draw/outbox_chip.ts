import { say } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";

/** Say how many drawings wait to be sent; nothing when none does. */
export function showWaiting(chip: HTMLElement, numDoodles: number): void {
  chip.hidden = numDoodles === 0;
  tell(chip, () => (numDoodles === 0 ? "" : say("page.waiting", { count: numDoodles })));
}
