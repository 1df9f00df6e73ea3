/** What happened on "Done", and the words of the one who drew it: "it was really a ...". */
import type { Label } from "../../predict/manifest.ts";
import { getWithin, make } from "../element.ts";

export class ResultPanel {
  private readonly panel: HTMLElement;
  private readonly words: HTMLElement;
  private readonly chips: HTMLElement;
  private readonly corrections: HTMLElement;

  constructor(panel: HTMLElement) {
    this.panel = panel;
    this.words = getWithin(panel, ".words", HTMLElement);
    this.chips = getWithin(panel, ".chips", HTMLElement);
    this.corrections = getWithin(panel, "#corrections", HTMLElement);
  }

  /** Open with words; nothing can be corrected yet. */
  open(words: string): void {
    this.panel.hidden = false;
    this.corrections.hidden = true;
    this.say(words);
  }

  say(words: string): void {
    this.words.textContent = words;
  }

  close(): void {
    this.panel.hidden = true;
    this.say("");
  }

  /**
   * Offer every label.
   *
   * @param current name of the label the drawing has now.
   * @param onChoice called with another label than the current one.
   */
  offer(labels: readonly Label[], current: string, onChoice: (label: Label) => void): void {
    this.corrections.hidden = false;
    this.chips.replaceChildren(...labels.map((label) => makeChip(label, label.name === current, onChoice)));
  }
}

function makeChip(label: Label, isCurrent: boolean, onChoice: (label: Label) => void): HTMLElement {
  const chip = make(
    "button",
    {
      class: "choice",
      data: { label: label.name },
      attributes: { type: "button", "aria-pressed": String(isCurrent) },
    },
    [
      make("span", { class: "emoji", text: label.emoji, attributes: { "aria-hidden": "true" } }),
      label.prompt,
    ],
  );
  if (!isCurrent) chip.addEventListener("click", () => onChoice(label));
  return chip;
}
