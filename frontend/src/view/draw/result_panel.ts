/** What happened on "Done", and the words of the one who drew it: "it was really a ...". */
import { say, sayPrompt } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";
import type { Label } from "../../predict/manifest.ts";
import { getWithin, make } from "../element.ts";

export class ResultPanel {
  private readonly panel: HTMLElement;
  private readonly words: HTMLElement;
  private readonly question: HTMLElement;
  private readonly chips: HTMLElement;
  private readonly corrections: HTMLElement;

  constructor(panel: HTMLElement) {
    this.panel = panel;
    this.words = getWithin(panel, ".words", HTMLElement);
    this.question = getWithin(panel, "legend", HTMLElement);
    this.chips = getWithin(panel, ".chips", HTMLElement);
    this.corrections = getWithin(panel, "#corrections", HTMLElement);
  }

  /** Open with words; nothing can be chosen yet. */
  open(words: () => string): void {
    this.panel.hidden = false;
    this.corrections.hidden = true;
    this.say(words);
    this.comeIntoView();
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  say(words: () => string): void {
    tell(this.words, words);
  }

  close(): void {
    this.panel.hidden = true;
    this.say(() => "");
  }

  /**
   * Offer every label as a correction.
   *
   * @param current name of the label the drawing has now.
   * @param onChoice called with another label than the current one.
   */
  offer(labels: readonly Label[], current: string, onChoice: (label: Label) => void): void {
    tell(this.question, () => say("page.really"));
    this.show(labels.map((label) => makeChip(label, onChoice, label.name === current)));
  }

  /**
   * Ask what was drawn.
   *
   * @param guessed name of the label that is most likely: Enter chooses it.
   * @param onChoice called with a label, or with nothing for "none of these".
   */
  askForName(
    labels: readonly Label[],
    guessed: string | undefined,
    onChoice: (label: Label | undefined) => void,
  ): void {
    tell(this.question, () => say("game.what_was_it"));
    const none = make("button", {
      class: "choice none",
      attributes: { type: "button", id: "none-of-these" },
    });
    tell(none, () => say("game.none_of_these"));
    none.addEventListener("click", () => onChoice(undefined));
    this.show([...labels.map((label) => makeChip(label, onChoice)), none]);
    const likely = labels.findIndex(({ name }) => name === guessed);
    (this.chips.children[Math.max(likely, 0)] as HTMLElement).focus({ preventScroll: true });
  }

  private show(chips: readonly HTMLElement[]): void {
    this.corrections.hidden = false;
    this.chips.replaceChildren(...chips);
    this.comeIntoView();
  }

  /** On a small screen it may be below what is seen. */
  private comeIntoView(): void {
    this.panel.scrollIntoView({ block: "nearest" });
  }
}

/** @param isCurrent whether the drawing has this label already; left out where it has none yet. */
function makeChip(label: Label, onChoice: (label: Label) => void, isCurrent?: boolean): HTMLElement {
  const words = make("span");
  tell(words, () => sayPrompt(label));
  const chip = make(
    "button",
    { class: "choice", data: { label: label.name }, attributes: { type: "button" } },
    [make("span", { class: "emoji", text: label.emoji, attributes: { "aria-hidden": "true" } }), words],
  );
  if (isCurrent !== undefined) chip.setAttribute("aria-pressed", String(isCurrent));
  if (!isCurrent) chip.addEventListener("click", () => onChoice(label));
  return chip;
}
