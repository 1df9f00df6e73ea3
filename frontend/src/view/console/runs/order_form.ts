/** The form that orders a run: what may be told, with bounds and defaults; what is wrong stands beside its field. */
import type { Argument, Choices, RunOrder } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import {
  type Draft,
  listArguments,
  networkOf,
  sayBounds,
  sayDataset,
  sayName,
  toOrder,
  type Way,
  type Wrong,
} from "./order_words.ts";

const WAYS: readonly (readonly [Way, string, string])[] = [
  ["delta", "Go on from the live version", "Its weights, new drawings, and older ones again."],
  [
    "scratch",
    "Train from first weights",
    "Any network on a data set; the gate judges it like any candidate.",
  ],
];

type Control = HTMLInputElement | HTMLSelectElement;
type Option = readonly [value: string, text: string];

export class OrderForm {
  readonly element: HTMLFormElement;
  private readonly fields = make("div", { class: "order-fields" });
  private readonly trouble = make("p", { class: "error", attributes: { role: "alert" } });
  private readonly button = make("button", {
    class: "primary",
    text: "Queue the run",
    attributes: { type: "submit" },
  });
  private readonly onOrder: (order: RunOrder, fields: readonly string[]) => Promise<Wrong | undefined>;
  private readonly controls = new Map<string, Control>();
  private readonly errors = new Map<string, HTMLElement>();
  private choices: Choices | undefined;
  private workers: readonly string[] = [];
  private draft: Draft = { way: "delta", texts: {} };

  /** @param onOrder gives what is wrong, by the fields that are shown; undefined when it is queued. */
  constructor(onOrder: (order: RunOrder, fields: readonly string[]) => Promise<Wrong | undefined>) {
    this.onOrder = onOrder;
    this.element = make("form", { class: "order-form", attributes: { novalidate: "" } }, [
      this.fields,
      make("div", { class: "buttons" }, [this.button]),
      this.trouble,
    ]);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
  }

  /**
   * Offer what may be ordered; what stands in the form stays, unless there is something else to begin with.
   *
   * @param workers who may take it.
   */
  offer(choices: Choices, workers: readonly string[], draft?: Draft): void {
    const isSame = choices === this.choices && workers.join() === this.workers.join();
    if (isSame && draft === undefined) return;
    this.draft = draft ?? this.read();
    this.choices = choices;
    this.workers = workers;
    this.show();
  }

  /** Forget what was typed. */
  clear(): void {
    this.draft = { way: "delta", texts: {} };
    if (this.choices) this.show();
  }

  focus(): void {
    if (this.element.contains(document.activeElement)) return;
    this.element.querySelector<HTMLElement>("input:checked")?.focus();
  }

  private show(): void {
    const { choices, draft } = this;
    if (choices === undefined) return;
    this.controls.clear();
    this.errors.clear();
    this.trouble.textContent = "";
    const told = listArguments(draft, choices);
    const within = (prefix: string) => told.filter(([field]) => field.startsWith(prefix));
    const others = told.filter(([field]) => !field.includes("."));
    this.fields.replaceChildren(
      this.makeWays(),
      ...(draft.way === "scratch" ? [this.makeWhat(choices)] : []),
      ...this.makeGroup("Network", within("network_args.")),
      ...this.makeGroup("Training", within("train_args.")),
      this.makeOthers(others),
    );
  }

  private makeWays(): HTMLElement {
    const ways = WAYS.map(([way, text, words]) => {
      const radio = make("input", { attributes: { type: "radio", name: "way", value: way } });
      radio.id = `runs-order-${way}`;
      radio.checked = this.draft.way === way;
      radio.addEventListener("change", () => this.change({ ...this.read(), way }, radio.id));
      return make("label", { class: "way" }, [
        radio,
        make("span", {}, [make("strong", { text }), make("span", { class: "detail", text: words })]),
      ]);
    });
    return make("fieldset", { class: "ways" }, [make("legend", { text: "How" }), ...ways]);
  }

  private makeWhat(choices: Choices): HTMLElement {
    const datasets = choices.datasets.map((name): Option => [name, sayDataset(name)]);
    const networks = choices.networks.map(({ name }): Option => [name, name]);
    const words = choices.networks.find(({ name }) => name === networkOf(this.draft, choices))?.words ?? "";
    const network = this.makeSelect("network", networks, choices.default_network);
    network.addEventListener("change", () => this.change(this.read(), network.id));
    return make("div", { class: "order-group" }, [
      this.makeField("dataset", "Data set", this.makeSelect("dataset", datasets, "all"), ""),
      this.makeField("network", "Network", network, words),
    ]);
  }

  private makeGroup(title: string, told: readonly [string, Argument][]): HTMLElement[] {
    if (told.length === 0) return [];
    const fields = told.map(([field, argument]) => this.makeArgument(field, argument));
    return [make("fieldset", { class: "order-group" }, [make("legend", { text: title }), ...fields])];
  }

  private makeOthers(told: readonly [string, Argument][]): HTMLElement {
    const workers: Option[] = [["", "Any"], ...this.workers.map((name): Option => [name, name])];
    const reason = this.makeInput("reason", { maxlength: "500", autocomplete: "off" });
    return make("fieldset", { class: "order-group" }, [
      make("legend", { text: "Queue" }),
      ...told.map(([field, argument]) => this.makeArgument(field, argument)),
      this.makeField("worker", "Worker", this.makeSelect("worker", workers, ""), "Any, or one alone"),
      this.makeField("reason", "Reason", reason, "Stands beside the run"),
    ]);
  }

  private makeArgument(field: string, argument: Argument): HTMLElement {
    const usual = argument.default === true ? "yes" : "no";
    const answers: Option[] = [
      ["", argument.default === null ? "As usual" : `As usual (${usual})`],
      ["yes", "Yes"],
      ["no", "No"],
    ];
    const placeholder = typeof argument.default === "number" ? String(argument.default) : "";
    const control =
      argument.type === "boolean"
        ? this.makeSelect(field, answers, "")
        : this.makeInput(field, { inputmode: "decimal", placeholder, autocomplete: "off" });
    return this.makeField(field, sayName(argument.name), control, sayBounds(argument));
  }

  private makeField(field: string, title: string, control: Control, hint: string): HTMLElement {
    const error = make("p", { class: "error", attributes: { id: `${control.id}-error` } });
    const words = make("span", { class: "detail", text: hint, attributes: { id: `${control.id}-hint` } });
    control.setAttribute("aria-describedby", `${words.id} ${error.id}`);
    this.controls.set(field, control);
    this.errors.set(field, error);
    return make("div", { class: `field field-${field.split(".")[0]}`, data: { field } }, [
      make("label", { text: title, attributes: { for: control.id } }),
      control,
      words,
      error,
    ]);
  }

  private makeInput(field: string, attributes: Readonly<Record<string, string>>): HTMLInputElement {
    const input = make("input", { attributes });
    input.id = idOf(field);
    input.value = this.draft.texts[field] ?? "";
    return input;
  }

  private makeSelect(field: string, options: readonly Option[], usual: string): HTMLSelectElement {
    const select = make(
      "select",
      {},
      options.map(([value, text]) => make("option", { text, attributes: { value } })),
    );
    select.id = idOf(field);
    const wanted = this.draft.texts[field] ?? usual;
    select.value = options.some(([value]) => value === wanted) ? wanted : usual;
    return select;
  }

  /** What stands in the form, and what stood in fields that are hidden just now. */
  private read(): Draft {
    const texts = Object.fromEntries([...this.controls].map(([field, control]) => [field, control.value]));
    return { ...this.draft, texts: { ...this.draft.texts, ...texts } };
  }

  private change(draft: Draft, focused: string): void {
    this.draft = draft;
    this.show();
    document.getElementById(focused)?.focus();
  }

  private async submit(): Promise<void> {
    if (this.button.disabled || this.choices === undefined) return;
    this.draft = this.read();
    const made = toOrder(this.draft, this.choices);
    if ("wrong" in made) return this.refuse(made.wrong);
    this.button.disabled = true;
    try {
      const wrong = await this.onOrder(made.order, [...this.controls.keys()]);
      this.refuse(wrong ?? {});
      if (wrong === undefined) this.clear();
    } finally {
      this.button.disabled = false;
    }
  }

  private refuse(wrong: Wrong): void {
    this.trouble.textContent = wrong[""] ?? "";
    for (const [field, error] of this.errors) {
      error.textContent = wrong[field] ?? "";
      this.controls.get(field)?.setAttribute("aria-invalid", String(error.textContent !== ""));
    }
    this.element.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }
}

function idOf(field: string): string {
  return `runs-order-${field.replaceAll(/[._]/g, "-")}`;
}
