/** Asks once more before a label is withdrawn. */
import type { ListedLabel } from "../../../server/label_orders.ts";
import { make } from "../../element.ts";

export class WithdrawDialog {
  readonly element: HTMLDialogElement;
  private readonly title = make("h2", { attributes: { id: "labels-withdraw-title" } });
  private readonly no = make("button", {
    class: "quiet",
    text: "Not now",
    attributes: { type: "button" },
  });
  private readonly yes = make("button", { class: "primary", attributes: { type: "submit" } });
  private onYes: () => void = () => {};

  constructor() {
    const words =
      "Open pages stop asking for it at once. What was drawn of it stays stored and trains nothing; if the label is added again, it counts again.";
    const form = make("form", {}, [
      this.title,
      make("p", { text: words }),
      make("div", { class: "buttons" }, [this.no, this.yes]),
    ]);
    this.element = make("dialog", { attributes: { "aria-labelledby": this.title.id } }, [form]);
    this.no.addEventListener("click", () => this.element.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.element.close();
      this.onYes();
    });
  }

  /** Ask; calls back once, or never when the operator thinks better of it. */
  ask({ name }: ListedLabel, onYes: () => void): void {
    this.title.textContent = `Withdraw ${name}?`;
    this.yes.textContent = `Withdraw ${name}`;
    this.onYes = onYes;
    this.element.showModal();
    this.no.focus();
  }

  close(): void {
    this.element.close();
  }
}
