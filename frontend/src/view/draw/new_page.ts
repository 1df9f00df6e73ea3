import { say } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";

export interface NewPageSurroundings {
  /** Whether there is ink on the pad that a reload would lose. */
  readonly isDrawing: () => boolean;
  readonly notify: (words: string) => void;
  readonly reload: () => void;
}

/**
 * Make the quiet word that a newer page is there.
 *
 * @param chip the word stands behind it in the page's head.
 * @returns shows it; nothing else happens by itself, and no drawing is lost by it.
 */
export function makeNewPageOffer(chip: HTMLElement, around: NewPageSurroundings): () => void {
  let button: HTMLButtonElement | undefined;
  return () => {
    if (button) return;
    button = document.createElement("button");
    button.id = "new-page";
    button.type = "button";
    button.className = "chip";
    button.addEventListener("click", () => {
      if (around.isDrawing()) around.notify(say("offline.finish_first"));
      else around.reload();
    });
    chip.after(button);
    tell(button, () => say("offline.new_page"));
  };
}
