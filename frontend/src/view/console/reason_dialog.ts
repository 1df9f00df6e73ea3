/** Asks why, before something is made live. */
import { getWithin } from "../element.ts";

export interface Question {
  readonly title: string;
  readonly words: string;
  /** What the button does. */
  readonly action: string;
}

export class ReasonDialog {
  private readonly dialog: HTMLDialogElement;
  private readonly text: HTMLInputElement;
  private onReason: (reason: string) => void = () => {};

  constructor(dialog: HTMLDialogElement) {
    this.dialog = dialog;
    this.text = getWithin(dialog, "input", HTMLInputElement);
    getWithin(dialog, "form", HTMLFormElement).addEventListener("submit", (event) => this.submit(event));
    getWithin(dialog, "[data-action=close]", HTMLElement).addEventListener("click", () => dialog.close());
  }

  /** Ask; calls back once with the reason, or never when the operator thinks better of it. */
  ask({ title, words, action }: Question, onReason: (reason: string) => void): void {
    getWithin(this.dialog, "h2", HTMLElement).textContent = title;
    getWithin(this.dialog, "p", HTMLElement).textContent = words;
    getWithin(this.dialog, "[type=submit]", HTMLElement).textContent = action;
    this.text.value = "";
    this.onReason = onReason;
    this.dialog.showModal();
    this.text.focus();
  }

  private submit(event: Event): void {
    event.preventDefault();
    const reason = this.text.value.trim();
    if (reason === "") return this.text.focus();
    this.dialog.close();
    this.onReason(reason);
  }
}
