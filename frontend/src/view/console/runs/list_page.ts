/** The list of runs: filters, table, pages, and the order of a new one. */
import { RefusedError } from "../../../server/http.ts";
import type { Choices, RunFilter, RunOrder, RunPage, TrackedRun } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { later } from "../../surroundings.ts";
import { ask, sayFailure } from "../shell/requests.ts";
import { FilterBar } from "./filter_bar.ts";
import { hearRun } from "./listed_runs.ts";
import { OrderForm } from "./order_form.ts";
import { draftOf, sayOrdered, spreadErrors, type Wrong } from "./order_words.ts";
import { type Around, makeButton, type Page } from "./page.ts";
import { makeHead, nextSort, showRows, showSort, USUAL_SORT } from "./run_table.ts";
import { comparisonAddress, listAddress, MOST_COMPARED, runAddress } from "./runs_address.ts";

const PAGE_LENGTH = 25;

/** What happens at once is asked about once. */
const PAUSE_SECONDS = 0.3;

const EMPTY =
  "No run yet. One is queued by itself when enough new drawings wait, or by \u201cOrder a run\u201d.";
const NONE_LIKE_IT = "No run is like that.";

export class ListPage implements Page {
  readonly element: HTMLElement;
  readonly title = "Runs";
  private readonly around: Around;
  private readonly bar: FilterBar;
  private readonly form = new OrderForm((order, fields) => this.order(order, fields));
  private readonly head = makeHead((by) => this.sort(by));
  private readonly body = make("tbody");
  private readonly table = make("table", { class: "body run-table" }, []);
  private readonly marked = make("p", { class: "detail marked" });
  private readonly compareButton = makeButton("Compare", "compare", () => this.compare());
  private readonly untickButton = makeButton("Untick all", "untick", () => {
    this.chosen.clear();
    this.show();
  });
  private readonly orderButton = makeButton("Order a run \u2026", "order", () =>
    this.ordering.hidden ? void this.openForm() : this.showForm(false),
  );
  private readonly newer = makeButton("Previous page", "previous", () => void this.turn(-1));
  private readonly older = makeButton("Next page", "next", () => void this.turn(1));
  private readonly ordering: HTMLElement;
  private filter: RunFilter;
  /** Of the pages up to this one; the first has none. */
  private cursors: readonly (string | undefined)[] = [undefined];
  private shown: RunPage | undefined;
  private readonly chosen: Set<string>;
  private readonly states = new Map<string, string>();
  private choices: Choices | undefined;
  private isClosed = false;
  private isPlanned = false;
  /** A page was asked for and is not there yet. */
  private isTurning = false;

  /** @param chosen keys of runs that are ticked. @param like a run that another one is to be ordered like. */
  constructor(around: Around, filter: RunFilter, chosen: Set<string>, like?: string) {
    this.chosen = chosen;
    this.around = around;
    this.filter = filter;
    this.bar = new FilterBar(later, (wanted) => around.goTo(listAddress(wanted)));
    this.ordering = make(
      "section",
      { class: "panel part", attributes: { "aria-label": "Order a run", id: "runs-ordering" } },
      [this.form.element],
    );
    this.ordering.hidden = true;
    this.orderButton.setAttribute("aria-expanded", "false");
    this.orderButton.setAttribute("aria-controls", "runs-ordering");
    this.element = make("div", { class: "runs-page" }, [
      make("div", { class: "tools" }, [this.orderButton, this.compareButton, this.marked, this.untickButton]),
      this.ordering,
      this.bar.element,
      make("div", { class: "panel scroll" }, [this.table]),
      make("div", { class: "tools pages" }, [this.newer, this.older]),
    ]);
    this.show();
    void (like === undefined ? this.learnChoices() : this.openForm(like));
  }

  /** Show other runs. */
  follow(filter: RunFilter): void {
    this.filter = filter;
    this.cursors = [undefined];
    this.show();
    this.refresh();
  }

  refresh(): void {
    void this.learn();
  }

  look(): void {
    this.show();
  }

  hear(run: TrackedRun): void {
    if (this.shown === undefined) return;
    const { runs, isStale } = hearRun(this.shown.runs, run, this.states, this.filter);
    this.states.set(run.key, run.state);
    this.shown = { ...this.shown, runs };
    this.show();
    if (isStale) this.plan();
  }

  close(): void {
    this.isClosed = true;
  }

  private plan(): void {
    if (this.isPlanned) return;
    this.isPlanned = true;
    later(PAUSE_SECONDS, () => {
      this.isPlanned = false;
      if (!this.isClosed) this.refresh();
    });
  }

  /** @returns whether what is shown is as asked for. */
  private async learn(): Promise<boolean> {
    const { filter, cursors } = this;
    const page = await ask(this.around, () => this.around.runs.list(filter, PAGE_LENGTH, cursors.at(-1)));
    if (page === undefined || this.isClosed || this.filter !== filter || this.cursors !== cursors)
      return false;
    this.shown = page;
    this.show();
    return true;
  }

  private async learnChoices(): Promise<void> {
    const choices = await ask(this.around, () => this.around.runs.getChoices());
    if (choices === undefined || this.isClosed) return;
    this.choices = choices;
    this.bar.showNetworks(choices.networks.map(({ name }) => name));
    this.bar.show(this.filter);
  }

  private show(): void {
    const { filter, shown } = this;
    this.bar.show(filter);
    showSort(this.head, filter.sort ?? USUAL_SORT);
    this.showMarked();
    this.newer.disabled = this.cursors.length === 1;
    this.older.disabled = shown?.next == null;
    this.newer.hidden = this.older.hidden = this.newer.disabled && this.older.disabled;
    if (shown === undefined) return;
    const { length } = shown.runs;
    const isWhole = Object.keys(filter).every((name) => name === "sort") && this.cursors.length === 1;
    this.table.dataset["empty"] = length > 0 ? "" : isWhole ? EMPTY : NONE_LIKE_IT;
    if (this.table.childElementCount === 0) this.table.append(this.head, this.body);
    showRows(
      this.body,
      { runs: shown.runs, marked: [...this.chosen], now: this.around.now() },
      (key, isMarked) => {
        this.chosen[isMarked ? "add" : "delete"](key);
        this.show();
      },
    );
  }

  private showMarked(): void {
    const num = this.chosen.size;
    this.compareButton.disabled = num < 2;
    this.untickButton.hidden = num === 0;
    this.marked.textContent =
      num === 0 ? `Tick two to ${MOST_COMPARED} runs to compare them.` : `${num} ticked`;
  }

  private sort(by: string): void {
    const sort = nextSort(this.filter.sort ?? USUAL_SORT, by);
    this.around.goTo(listAddress({ ...this.filter, sort }));
  }

  /** The buttons stay as they are until the answer: one that is disabled loses the keyboard's focus. */
  private async turn(step: 1 | -1): Promise<void> {
    const { cursors: before } = this;
    const next = this.shown?.next;
    if (this.isTurning || (step < 0 ? before.length === 1 : !next)) return;
    const wanted = step === 1 && next ? [...before, next] : before.slice(0, -1);
    this.cursors = wanted;
    this.isTurning = true;
    this.table.scrollIntoView({ block: "nearest" });
    const isThere = await this.learn();
    this.isTurning = false;
    // The page before is still shown: the next click starts there.
    if (!isThere && this.cursors === wanted) this.cursors = before;
  }

  private compare(): void {
    this.around.goTo(comparisonAddress([...this.chosen]));
  }

  private showForm(isShown: boolean): void {
    this.ordering.hidden = !isShown;
    this.orderButton.setAttribute("aria-expanded", String(isShown));
  }

  /** @param like a run whose orders stand in the form at first. */
  private async openForm(like?: string): Promise<void> {
    this.showForm(true);
    const { around } = this;
    const [workers, run] = await Promise.all([
      ask(around, () => around.client.listWorkers()),
      like === undefined ? undefined : ask(around, () => around.runs.find(like)),
    ]);
    if (this.choices === undefined) await this.learnChoices();
    if (this.choices === undefined || this.isClosed) return;
    const present = (workers ?? []).filter(({ state }) => state !== "stopped").map(({ name }) => name);
    this.form.offer(this.choices, present, run && draftOf(run));
    this.form.focus();
  }

  private async order(order: RunOrder, fields: readonly string[]): Promise<Wrong | undefined> {
    try {
      const ordered = await this.around.runs.order(order);
      this.around.notify(sayOrdered(ordered));
      this.showForm(false);
      this.around.goTo(runAddress(ordered.key));
      return undefined;
    } catch (error) {
      const words = sayFailure(error, this.around.onSignedOut);
      return spreadErrors(words ?? "", error instanceof RefusedError ? error.fields : [], fields);
    }
  }
}
