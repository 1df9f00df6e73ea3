/** A search's trials, as a table that can be sorted by anything in it. */
import type { Progress } from "../../../server/operator.ts";
import type { Trial } from "../../../server/searches.ts";
import { make } from "../../element.ts";
import { saveText, toCsv } from "../charts/csv.ts";
import { sayValue } from "../charts/ticks.ts";
import { showKeyed } from "../keyed_list.ts";
import { sayDuration, sayNumber, sayShare } from "../words.ts";
import { sayTrialState } from "./search_words.ts";
import { IN_ORDER, sortTrials, type TrialOrder, tabulateTrials, turnOrder } from "./trial_order.ts";

export interface ShownTrials {
  readonly trials: readonly Trial[];
  /** The properties that differ. */
  readonly properties: readonly string[];
  readonly best: number | undefined;
  /** Of the runs that go on, by key. */
  readonly progress: ReadonlyMap<string, Progress>;
}

interface Column {
  readonly title: string;
  readonly by: string | undefined;
}

export class TrialTable {
  readonly element: HTMLElement;
  private readonly heads = make("tr");
  private readonly rows = make("tbody", { class: "body" });
  private readonly table: HTMLElement;
  private readonly orders = make("select", { attributes: { id: "searches-order" } });
  private readonly onCandidate: (trial: Trial) => void;
  private order: TrialOrder = IN_ORDER;
  private shown: ShownTrials | undefined;

  /** @param onCandidate a trial is to become a candidate. */
  constructor(onCandidate: (trial: Trial) => void) {
    this.onCandidate = onCandidate;
    this.table = make("table", { class: "body trial-table" }, [make("thead", {}, [this.heads]), this.rows]);
    const csv = make("button", {
      class: "quiet",
      text: "CSV",
      attributes: { type: "button" },
      title: "save as CSV: trials",
    });
    csv.addEventListener("click", () => {
      if (this.shown) saveText("trials.csv", toCsv(tabulateTrials(this.shown.trials)));
    });
    const sort = make("label", { class: "order", attributes: { for: this.orders.id } }, [
      "Sort by ",
      this.orders,
    ]);
    this.orders.addEventListener("change", () => this.sort(this.orders.value));
    const heading = make("h2", { text: "Trials", attributes: { id: "searches-trials-title" } });
    const head = make("div", { class: "tools" }, [heading, sort, csv]);
    this.element = make("section", { class: "panel part", attributes: { "aria-labelledby": heading.id } }, [
      head,
      make("div", { class: "scroll" }, [this.table]),
    ]);
  }

  clear(): void {
    this.shown = undefined;
    this.order = IN_ORDER;
    this.heads.replaceChildren();
    this.rows.replaceChildren();
    delete this.table.dataset["empty"];
  }

  show(shown: ShownTrials): void {
    this.shown = shown;
    this.table.dataset["empty"] = shown.trials.length === 0 ? "No trial yet." : "";
    this.showHeads(columnsOf(shown.properties));
    showKeyed(
      this.rows,
      sortTrials(shown.trials, this.order),
      ({ trial }) => String(trial),
      () => make("tr"),
      (row, trial) => this.fillRow(row, trial, shown),
    );
  }

  private sort(by: string): void {
    this.order = turnOrder(this.order, by);
    if (this.shown) this.show(this.shown);
  }

  private showHeads(columns: readonly Column[]): void {
    const told = JSON.stringify([columns, this.order]);
    if (this.heads.dataset["told"] === told) return;
    this.heads.dataset["told"] = told;
    const focused = this.heads.contains(document.activeElement)
      ? document.activeElement?.textContent
      : undefined;
    this.heads.replaceChildren(...columns.map((column) => this.makeHead(column)));
    const options = columns.flatMap(({ title, by }) =>
      by === undefined ? [] : [make("option", { text: title, attributes: { value: by } })],
    );
    this.orders.replaceChildren(...options);
    this.orders.value = this.order.by;
    for (const button of this.heads.querySelectorAll("button"))
      if (button.textContent === focused) button.focus();
  }

  private makeHead({ title, by }: Column): HTMLElement {
    if (by === undefined) return make("th", { text: title, attributes: { scope: "col" } });
    const button = make("button", { class: "sort", text: title, attributes: { type: "button" } });
    button.addEventListener("click", () => this.sort(by));
    const direction = this.order.isRising ? "ascending" : "descending";
    const sorted = this.order.by === by ? { "aria-sort": direction } : {};
    return make("th", { attributes: { scope: "col", ...sorted } }, [button]);
  }

  private fillRow(row: HTMLElement, trial: Trial, { properties, best, progress }: ShownTrials): void {
    const now = trial.state === "running" && trial.run !== null ? progress.get(trial.run) : undefined;
    const isBest = trial.trial === best;
    const told = JSON.stringify([trial, properties, now, isBest]);
    // What has not changed keeps its focus.
    if (row.dataset["told"] === told) return;
    row.dataset["told"] = told;
    row.dataset["trial"] = String(trial.trial);
    row.dataset["state"] = trial.state;
    row.className = isBest ? "live" : "";
    const columns = columnsOf(properties);
    const cells = [
      makeName(trial, isBest),
      makeState(trial, now),
      ...properties.map((name) => [make("span", { text: sayParam(trial, name) })]),
      makeAccuracy(trial),
      [make("span", { text: sayValue(trial.metrics?.loss ?? null) })],
      [make("span", { text: trial.seconds === null ? "\u2013" : sayDuration(trial.seconds) })],
      makeWorker(trial),
      this.makeAction(trial),
    ];
    row.replaceChildren(
      ...cells.map((children, index) => {
        const isLast = index === cells.length - 1;
        return make(
          "td",
          { class: isLast ? "action" : "", data: { column: columns[index]?.title ?? "" } },
          children,
        );
      }),
    );
  }

  private makeAction(trial: Trial): HTMLElement[] {
    if (trial.state !== "finished" || trial.params === null) return [];
    const attributes = { type: "button", "aria-label": `Make trial ${trial.trial} a candidate` };
    const button = make("button", { class: "quiet", text: "Candidate \u2026", attributes });
    button.addEventListener("click", () => this.onCandidate(trial));
    return [button];
  }
}

function columnsOf(properties: readonly string[]): Column[] {
  return [
    { title: "Trial", by: "trial" },
    { title: "State", by: "state" },
    ...properties.map((name) => ({ title: name, by: name })),
    { title: "Accuracy", by: "accuracy" },
    { title: "Loss", by: "loss" },
    { title: "Time", by: "seconds" },
    { title: "Worker", by: "worker" },
    { title: "", by: undefined },
  ];
}

function sayParam({ params }: Trial, name: string): string {
  const value = params?.[name];
  if (value === undefined) return "\u2013";
  return typeof value === "number" ? sayValue(value) : value;
}

/** What the search goes by; what the gate judges by is for looking only. */
function makeAccuracy({ metrics }: Trial): Node[] {
  const [accuracy, test] = [metrics?.accuracy ?? null, metrics?.test_accuracy ?? null];
  const found = make("span", { text: accuracy === null ? "\u2013" : sayShare(accuracy) });
  return test === null ? [found] : [found, make("span", { class: "detail", text: `test ${sayShare(test)}` })];
}

function makeName({ trial, run }: Trial, isBest: boolean): Node[] {
  const badge = isBest ? [make("span", { class: "badge", text: "best" })] : [];
  const name = make("strong", { text: `${trial}` });
  if (run === null) return [name, ...badge];
  const attributes = { href: `#runs=${run}`, "aria-label": `Curves of trial ${trial}` };
  return [
    name,
    ...badge,
    document.createTextNode(" "),
    make("a", { class: "detail-link", text: "curves", attributes }),
  ];
}

function makeState(trial: Trial, progress: Progress | undefined): Node[] {
  const state = make("span", { class: `state ${trial.state}`, text: sayTrialState(trial) });
  const pruned = trial.metrics?.pruned_after ?? null;
  const early = pruned === null ? "" : `after epoch ${pruned}`;
  const words = trial.error ?? (progress ? sayProgress(progress) : early);
  return words === "" ? [state] : [state, make("span", { class: "detail", text: words })];
}

function sayProgress({ stage, epoch, num_epochs: all, step, num_steps: steps, accuracy }: Progress): string {
  if (steps === 0) return stage;
  const at =
    all > 1
      ? `epoch ${sayNumber(epoch)} of ${sayNumber(all)}`
      : `step ${sayNumber(step)} of ${sayNumber(steps)}`;
  return accuracy === null ? at : `${at}, ${sayShare(accuracy)}`;
}

/** A trial that was begun more than once was taken over from a worker that was lost. */
function makeWorker({ worker, attempt }: Trial): Node[] {
  const name = make("span", { text: worker ?? "\u2013" });
  return attempt > 1 ? [name, make("span", { class: "detail", text: `attempt ${attempt}` })] : [name];
}
