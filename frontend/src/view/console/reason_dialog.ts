/** Asks why, before something is done that the history keeps; and for a name, before something is done for good. */
import { getElement, getWithin } from "../element.ts";

export interface Question {
  readonly title: string;
  readonly words: string;
  /** What the button does. */
  readonly action: string;
  /** What must be typed, to be sure that it is meant; left out where it can be undone. */
  readonly confirm?: string;
}

export class ReasonDialog {
  private readonly dialog: HTMLDialogElement;
  private readonly text: HTMLInputElement;
  private readonly sure: HTMLElement;
  private readonly name: HTMLInputElement;
  private expected: string | undefined;
  private onReason: (reason: string) => void = () => {};

  constructor(dialog: HTMLDialogElement) {
    this.dialog = dialog;
    this.text = getElement("reason-text", HTMLInputElement);
    this.sure = getWithin(dialog, ".sure", HTMLElement);
    this.name = getElement("reason-name", HTMLInputElement);
    getWithin(dialog, "form", HTMLFormElement).addEventListener("submit", (event) => this.submit(event));
    getWithin(dialog, "[data-action=close]", HTMLElement).addEventListener("click", () => dialog.close());
    this.name.addEventListener("input", () => this.name.setCustomValidity(""));
  }

  /** Ask; calls back once with the reason, or never when the operator thinks better of it. */
  ask({ title, words, action, confirm }: Question, onReason: (reason: string) => void): void {
    getWithin(this.dialog, "h2", HTMLElement).textContent = title;
    getWithin(this.dialog, "p", HTMLElement).textContent = words;
    getWithin(this.dialog, "[type=submit]", HTMLElement).textContent = action;
    this.expected = confirm;
    this.sure.hidden = confirm === undefined;
    this.name.required = confirm !== undefined;
    getWithin(this.sure, "code", HTMLElement).textContent = confirm ?? "";
    this.text.value = this.name.value = "";
    this.name.setCustomValidity("");
    this.onReason = onReason;
    this.dialog.showModal();
    this.text.focus();
  }

  private submit(event: Event): void {
    event.preventDefault();
    const reason = this.text.value.trim();
    if (reason === "") return this.text.focus();
    if (this.expected !== undefined && this.name.value.trim() !== this.expected) {
      this.name.setCustomValidity(`Type ${this.expected} to be sure.`);
      this.name.reportValidity();
      return;
    }
    this.dialog.close();
    this.onReason(reason);
  }
}
