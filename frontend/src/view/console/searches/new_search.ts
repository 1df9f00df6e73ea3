/** Says what to search: a file dropped on the page, or text; and shows what that would be before it starts. */
import type {
  Configuration,
  Plan,
  PlanOrder,
  SearchesClient,
  SearchOrder,
} from "../../../server/searches.ts";
import { make } from "../../element.ts";
import { sayFailure } from "../shell/requests.ts";
import type { ConsoleSurroundings } from "../shell/view.ts";
import {
  makeField,
  makeFields,
  makePropertyList,
  makeTrialList,
  readOrder,
  showConfiguration,
  showFaults,
  USUAL_PRIORITY,
} from "./configuration_form.ts";
import {
  type Fault,
  listChanged,
  listFaults,
  MOST_CHARACTERS,
  orderProperties,
  readConfiguration,
  sayTaken,
  writeConfiguration,
} from "./configuration_text.ts";
import { sayPlan } from "./search_words.ts";

/** Whoever types is not asked about every letter. */
const PAUSE_MS = 400;

export class NewSearch {
  readonly element: HTMLElement;
  private readonly client: SearchesClient;
  private readonly around: ConsoleSurroundings;
  private readonly onStarted: (key: string) => void;
  private readonly fields = makeFields();
  private readonly taken = make("p", {
    class: "detail",
    attributes: { id: "searches-taken", role: "status" },
  });
  private readonly faults = make("ul", {
    class: "error faults",
    attributes: { id: "searches-faults", "aria-live": "assertive" },
  });
  private readonly rows = make("tbody", { class: "body" });
  private readonly amount = make("strong", { data: { part: "amount" } });
  private readonly judged = make("span", { class: "detail" });
  private readonly each = make("details", {}, [make("summary", { text: "Parameters of each" })]);
  private readonly help = make("div");
  private readonly start = make("button", {
    class: "primary",
    text: "Start the search",
    attributes: { type: "submit" },
  });
  /** In which order properties are shown. */
  private names: readonly string[] = [];
  private shown: Configuration = {};
  private plan: Plan | undefined;
  private question = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;

  /** @param onStarted is told the search's key. */
  constructor(client: SearchesClient, around: ConsoleSurroundings, onStarted: (key: string) => void) {
    this.client = client;
    this.around = around;
    this.onStarted = onStarted;
    this.element = this.makeElement();
    this.follow();
  }

  /** Show what was searched last; or what was being written when somebody went to look at something else. */
  async open(): Promise<void> {
    if (this.fields.text.value.trim() !== "") return this.askSoon();
    try {
      const { configuration, properties } = await this.client.getConfiguration();
      this.names = properties.map(({ name }) => name);
      this.help.replaceChildren(makePropertyList(properties));
      if (this.fields.text.value.trim() !== "") return;
      this.shown = configuration;
      await this.ask(configuration);
    } catch (error) {
      this.say(error);
    }
  }

  /** What is being asked is of no interest any more; what was written stays. */
  close(): void {
    clearTimeout(this.pause);
    this.question += 1;
  }

  /** Take the configuration in a file: what it leaves out stays as it is shown. */
  async take(file: File): Promise<void> {
    const text = file.size > MOST_CHARACTERS * 4 ? " ".repeat(MOST_CHARACTERS + 1) : await file.text();
    await this.takeText(text, file.name);
  }

  /** @param source what it is called. */
  async takeText(text: string, source: string): Promise<void> {
    const read = readConfiguration(text);
    if ("configuration" in read) return this.ask(read.configuration, source);
    this.question += 1;
    this.refuse([read.fault], source);
  }

  private makeElement(): HTMLElement {
    const { text, file, method, trials, pruning, name, priority } = this.fields;
    const drop = make("div", { class: "drop" }, [
      make("p", {}, [
        make("strong", { text: "Drop a JSON file anywhere on this page" }),
        ", paste one, or change the text. What it leaves out stays as it is shown.",
      ]),
      make("label", { class: "choose", text: "Choose a file \u2026", attributes: { for: file.id } }),
      file,
    ]);
    const table = make("table", { class: "plain configuration" }, [
      make("caption", { class: "unseen", text: "The configuration" }),
      this.rows,
    ]);
    const check = make("label", { class: "check", attributes: { for: pruning.id } }, [
      pruning,
      "Prune: end trials early that fall behind",
    ]);
    this.each.hidden = true;
    const form = make("form", { attributes: { novalidate: "" } }, [
      drop,
      make("div", { class: "two" }, [
        make("div", { class: "field" }, [
          make("label", { text: "Configuration", attributes: { for: text.id } }),
          text,
          this.taken,
          this.faults,
        ]),
        make("div", { class: "scroll" }, [table]),
      ]),
      this.help,
      make("div", { class: "fields" }, [
        makeField(method, "Method"),
        makeField(trials, "Trials"),
        makeField(name, "Name", "to find it again"),
        makeField(priority, "Priority", "\u221210 to 10; the highest is taken first"),
      ]),
      check,
      make("div", { class: "planned", attributes: { "aria-live": "polite" } }, [this.amount, this.judged]),
      this.each,
      make("div", { class: "buttons" }, [this.start]),
    ]);
    return make(
      "section",
      { class: "panel part search-new", attributes: { "aria-labelledby": "searches-new" } },
      [make("h2", { text: "A new search", attributes: { id: "searches-new" } }), form],
    );
  }

  private follow(): void {
    const { text, file, method, trials } = this.fields;
    text.addEventListener("input", () => this.askSoon());
    text.addEventListener("blur", () => this.tidy());
    for (const field of [method, trials]) field.addEventListener("input", () => this.askSoon());
    file.addEventListener("change", () => {
      const [chosen] = file.files ?? [];
      file.value = "";
      if (chosen) void this.take(chosen);
    });
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.plan) void this.begin(this.plan);
    });
    this.showPlan(undefined);
  }

  private askSoon(): void {
    clearTimeout(this.pause);
    this.showPlan(undefined);
    this.pause = setTimeout(() => {
      const read = readConfiguration(this.fields.text.value);
      if ("configuration" in read) void this.ask(read.configuration);
      else this.refuse([read.fault]);
    }, PAUSE_MS);
  }

  /** Ask what a search would be. @param source a file it comes from. */
  private async ask(configuration: Configuration, source?: string): Promise<void> {
    clearTimeout(this.pause);
    this.question += 1;
    const { question } = this;
    this.showPlan(undefined);
    const order = this.readOrder(configuration);
    try {
      const plan = await this.client.plan(order);
      const ordered = { ...plan, configuration: orderProperties(plan.configuration, this.names) };
      if (question === this.question) this.accept(order, ordered, source);
    } catch (error) {
      if (question !== this.question) return;
      const faults = listFaults(error);
      if (faults) this.refuse(faults, source);
      else this.say(error);
    }
  }

  private readOrder(configuration: Configuration): PlanOrder {
    return readOrder(this.fields, configuration, this.shown);
  }

  private accept(order: PlanOrder, plan: Plan, source: string | undefined): void {
    const changed = listChanged(this.shown, plan.configuration);
    this.shown = plan.configuration;
    const isTyping = document.activeElement === this.fields.text && source === undefined;
    if (!isTyping) this.fields.text.value = writeConfiguration(plan.configuration);
    if (source !== undefined)
      this.taken.textContent = sayTaken(source, order.configuration, changed, plan.configuration);
    else if (changed.length > 0) this.taken.textContent = "";
    showFaults(this.faults, []);
    showConfiguration(this.rows, plan.configuration, changed);
    this.showPlan(plan);
  }

  /** What was typed is written out, once nobody types any more. */
  private tidy(): void {
    if (this.plan) this.fields.text.value = writeConfiguration(this.plan.configuration);
  }

  private refuse(faults: readonly Fault[], source?: string): void {
    this.taken.textContent = source === undefined ? "" : `Not taken from ${source}; nothing has changed.`;
    showFaults(this.faults, faults);
    this.showPlan(undefined);
    // What a file says is not in the text: the search that is shown can still be started.
    if (source !== undefined) this.showAgain();
  }

  private showAgain(): void {
    const faults = [...this.faults.children];
    const words = this.taken.textContent;
    void this.ask(this.shown).then(() => {
      this.faults.replaceChildren(...faults);
      this.taken.textContent = words;
    });
  }

  private say(error: unknown): void {
    const words = sayFailure(error, this.around.onSignedOut);
    if (words !== undefined) showFaults(this.faults, [{ name: "", words }]);
  }

  private showPlan(plan: Plan | undefined): void {
    this.plan = plan;
    const order = this.readOrder({});
    this.fields.trials.parentElement?.toggleAttribute("hidden", order.method === "grid");
    this.start.disabled = plan === undefined;
    this.amount.textContent = plan ? sayPlan(plan, order.method) : "\u2026";
    this.judged.textContent = plan?.estimate ?? "";
    const list = plan && makeTrialList(plan);
    this.each.hidden = list === undefined;
    this.each.replaceChildren(...[...this.each.children].slice(0, 1), ...(list ? [list] : []));
  }

  private async begin(plan: Plan): Promise<void> {
    const { name, priority, pruning } = this.fields;
    const more = {
      name: name.value.trim(),
      pruning: pruning.checked,
      priority: Number.isNaN(priority.valueAsNumber) ? USUAL_PRIORITY : priority.valueAsNumber,
    };
    const order: SearchOrder = { ...this.readOrder(plan.configuration), ...more };
    this.start.disabled = true;
    try {
      const key = await this.client.start(order);
      name.value = this.taken.textContent = "";
      this.onStarted(key);
    } catch (error) {
      const faults = listFaults(error);
      if (faults) showFaults(this.faults, faults);
      else this.say(error);
    } finally {
      this.start.disabled = this.plan === undefined;
    }
  }
}
