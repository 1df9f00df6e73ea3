import { say } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";

/**
 * Say how many drawings wait to be sent; nothing when none does.
 *
 * @param numFleeting how many of them wait only in this page, because the browser would not keep them.
 */
export function showWaiting(chip: HTMLElement, numDoodles: number, numFleeting: number): void {
  chip.hidden = numDoodles === 0;
  tell(chip, () => {
    if (numDoodles === 0) return "";
    return numFleeting > 0
      ? say("offline.waiting_here", { count: numFleeting })
      : say("page.waiting", { count: numDoodles });
  });
}
