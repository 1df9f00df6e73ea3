/** Asks once more before a worker is asked to end. */
import type { ListedWorker, Wish } from "../../../server/workers.ts";
import { make } from "../../element.ts";
import { sayQuestion } from "./worker_words.ts";

export class EndDialog {
  readonly element: HTMLDialogElement;
  private readonly title = make("h2", { attributes: { id: "workers-end-title" } });
  private readonly words = make("p");
  private readonly no = make("button", { class: "quiet", text: "Not now", attributes: { type: "button" } });
  private readonly yes = make("button", { class: "primary", attributes: { type: "submit" } });
  private onYes: () => void = () => {};

  constructor() {
    const form = make("form", {}, [
      this.title,
      this.words,
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
  ask(worker: ListedWorker, wish: Wish, onYes: () => void): void {
    const { title, words } = sayQuestion(worker, wish);
    this.title.textContent = title;
    this.words.textContent = words;
    this.yes.textContent = title.replace("?", "");
    this.onYes = onYes;
    this.element.showModal();
    this.no.focus();
  }

  close(): void {
    this.element.close();
  }
}
