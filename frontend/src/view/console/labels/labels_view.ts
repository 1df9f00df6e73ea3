/** The labels: what there is to draw, how much was drawn of it, what the live version knows; add one, withdraw one. */
import { RefusedError } from "../../../server/http.ts";
import { type LabelBook, LabelOrders, type ListedLabel } from "../../../server/label_orders.ts";
import type { DrawnLabel } from "../../../server/labels.ts";
import { make } from "../../element.ts";
import { ask, order, sayFailure } from "../shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "../shell/view.ts";
import { LabelForm } from "./label_form.ts";
import { makeLabelTable, showLabels } from "./label_table.ts";
import { type Field, listStandings, spreadErrors } from "./label_words.ts";
import { WithdrawDialog } from "./withdraw_dialog.ts";

export function makeLabelsView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new LabelsView(section, around);
}

const LEAD =
  "What people are asked to draw. A new label is asked for at once, on every open page; runs learn it as soon as there are enough drawings of it, and publish it if the gate agrees.";

class LabelsView implements ConsoleView {
  readonly on = { labels: () => this.refresh(), deployment: () => this.refresh() };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly orders: LabelOrders;
  private readonly list = makeLabelTable();
  private readonly form = new LabelForm((label) => this.add(label));
  private readonly dialog = new WithdrawDialog();
  private book: LabelBook | undefined;

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.orders = new LabelOrders(around.request);
    section.append(
      make("p", { class: "detail lead", text: LEAD }),
      make("div", { class: "panel scroll" }, [this.list.table]),
      make("section", { class: "panel", attributes: { "aria-labelledby": "labels-add" } }, [
        make("h2", { text: "Add a label", attributes: { id: "labels-add" } }),
        this.form.element,
      ]),
      this.dialog.element,
    );
  }

  open(): void {
    this.refresh();
  }

  close(): void {
    this.book = undefined;
    this.list.rows.replaceChildren();
    this.form.clear();
    this.dialog.close();
  }

  refresh(): void {
    void this.learn();
  }

  /** Drawings come in without an event. */
  look(): void {
    this.refresh();
  }

  private async learn(): Promise<void> {
    const book = await ask(this.around, () => this.orders.read());
    if (book !== undefined) this.book = book;
    if (this.book === undefined || this.section.hidden) return;
    showLabels(this.list.rows, listStandings(this.book), this.around.now(), (label) => this.withdraw(label));
  }

  private async add(label: DrawnLabel): Promise<Record<Field | "", string> | undefined> {
    try {
      await this.orders.add(label);
    } catch (error) {
      const words = sayFailure(error, this.around.onSignedOut);
      return spreadErrors(words ?? "", error instanceof RefusedError ? error.fields : []);
    }
    this.around.notify(`People are asked for ${label.prompt} now.`);
    await this.learn();
    return undefined;
  }

  private withdraw(label: ListedLabel): void {
    this.dialog.ask(label, () => void this.order(label));
  }

  private async order({ name }: ListedLabel): Promise<void> {
    await order(this.around, `${name} is no label any more.`, () => this.orders.withdraw(name));
    await this.learn();
  }
}
