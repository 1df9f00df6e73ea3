/** Asks by what a search is to be extended. */
import type { Extension, Search } from "../../../server/searches.ts";
import { make } from "../../element.ts";
import { showFaults } from "./configuration_form.ts";
import { type Fault, isVaried, readConfiguration, writeConfiguration } from "./configuration_text.ts";

const USUAL_MORE = 10;

export class ExtendDialog {
  readonly element: HTMLDialogElement;
  private readonly words = make("p");
  private readonly amount = make("input", {
    attributes: { id: "searches-more", type: "number", min: "1", max: "500", required: "" },
  });
  private readonly text = make("textarea", {
    attributes: { id: "searches-values", rows: "6", spellcheck: "false", autocapitalize: "off" },
  });
  private readonly amountField = makeNamed("More trials", this.amount);
  private readonly textField = makeNamed("More values", this.text);
  private readonly faults = make("ul", { class: "error faults", attributes: { role: "alert" } });
  private readonly yes = make("button", {
    class: "primary",
    text: "Extend",
    attributes: { type: "submit" },
  });
  private search: Search | undefined;
  private onExtension: (extension: Extension) => Promise<readonly Fault[]> = async () => [];

  constructor() {
    const no = make("button", { class: "quiet", text: "Not now", attributes: { type: "button" } });
    const title = make("h2", { text: "Extend the search?", attributes: { id: "searches-extend" } });
    const buttons = make("div", { class: "buttons" }, [no, this.yes]);
    const parts = [title, this.words, this.amountField, this.textField, this.faults, buttons];
    const form = make("form", {}, parts);
    this.element = make("dialog", { attributes: { "aria-labelledby": title.id } }, [form]);
    no.addEventListener("click", () => this.element.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
  }

  /** Ask. @param onExtension gives what is wrong with it; nothing when it is done. */
  ask(search: Search, onExtension: (extension: Extension) => Promise<readonly Fault[]>): void {
    this.search = search;
    this.onExtension = onExtension;
    const isGrid = search.method === "grid";
    this.amountField.hidden = isGrid;
    this.textField.hidden = !isGrid;
    this.amount.disabled = isGrid;
    this.amount.value = String(USUAL_MORE);
    const varied = Object.entries(search.configuration).filter(([, choice]) => isVaried(choice));
    this.text.value = writeConfiguration(Object.fromEntries(varied));
    this.words.textContent = isGrid
      ? "Further values of properties; combinations that were tried already are not tried again."
      : `It has ${search.num_trials} trials. So many more are tried, in the light of those.`;
    showFaults(this.faults, []);
    this.element.showModal();
    (isGrid ? this.text : this.amount).focus();
  }

  close(): void {
    this.element.close();
  }

  private async submit(): Promise<void> {
    const extension = this.read();
    // Trials are added each time it is asked for: until there is an answer, it is asked once.
    if (extension === undefined || this.yes.disabled) return;
    this.yes.disabled = true;
    try {
      const faults = await this.onExtension(extension);
      showFaults(this.faults, faults);
      if (faults.length === 0) this.element.close();
    } finally {
      this.yes.disabled = false;
    }
  }

  private read(): Extension | undefined {
    if (this.search?.method !== "grid") return { num_trials: this.amount.valueAsNumber };
    const read = readConfiguration(this.text.value);
    if ("configuration" in read) return read;
    showFaults(this.faults, [read.fault]);
    return undefined;
  }
}

function makeNamed(title: string, input: HTMLElement): HTMLElement {
  const label = make("label", { text: title, attributes: { for: input.id } });
  return make("div", { class: "field" }, [label, input]);
}
