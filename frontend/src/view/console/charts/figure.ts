/** A chart under its title, that can also be had as a table and as CSV. */
import { make } from "../../element.ts";
import { sayNumber } from "../words.ts";
import type { Cell, ChartTable } from "./chart_table.ts";
import { saveText, toCsv } from "./csv.ts";
import { sayValue } from "./ticks.ts";

export type { ChartTable } from "./chart_table.ts";

/** More would only make the page slow; CSV has them all. */
const MOST_ROWS = 200;

export interface Figure {
  readonly element: HTMLElement;
  /** Show a chart, in place of what was there; called again whenever something has changed. */
  show(chart: Element, table: ChartTable): void;
  /** Say why there is nothing to show. */
  showEmpty(words: string): void;
}

/**
 * Make a figure with nothing in it yet.
 *
 * @param fileName of the CSV, without its ending.
 * @param name for those who do not see where on the page it stands: no other figure there has it.
 */
export function makeFigure(title: string, fileName: string, name = title): Figure {
  return new TitledFigure(title, fileName, name);
}

class TitledFigure implements Figure {
  readonly element: HTMLElement;
  private readonly chart = make("div", { class: "figure-chart" });
  private readonly rows = make("div", { class: "scroll figure-table", attributes: { tabindex: "0" } });
  private readonly empty = make("p", { class: "detail figure-empty", text: "Loading \u2026" });
  private readonly toTable: HTMLButtonElement;
  private readonly tools: HTMLElement;
  private table: ChartTable | undefined;
  private isTable = false;

  constructor(title: string, fileName: string, name: string) {
    this.toTable = makeTool("Table", `as a table: ${name}`, () => this.turn());
    const csv = makeTool("CSV", `save as CSV: ${name}`, () => {
      if (this.table) saveText(`${fileName}.csv`, toCsv(this.table));
    });
    csv.dataset["action"] = "csv";
    this.toTable.dataset["action"] = "table";
    this.tools = make("div", { class: "figure-tools" }, [this.toTable, csv]);
    this.rows.setAttribute("aria-label", `${name}, as a table`);
    this.rows.setAttribute("role", "region");
    const head = make("header", {}, [make("h3", { text: title }), this.tools]);
    const parts = [head, this.empty, this.chart, this.rows];
    this.element = make("section", { class: "figure", attributes: { "aria-label": name } }, parts);
    this.arrange();
  }

  show(chart: Element, table: ChartTable): void {
    this.table = table;
    this.replace(chart);
    if (this.isTable) this.fillTable();
    this.arrange();
  }

  showEmpty(words: string): void {
    this.table = undefined;
    this.chart.replaceChildren();
    this.rows.replaceChildren();
    this.empty.textContent = words;
    this.arrange();
  }

  private turn(): void {
    this.isTable = !this.isTable;
    this.toTable.textContent = this.isTable ? "Chart" : "Table";
    this.toTable.title = this.isTable ? "as a chart" : "as a table";
    if (this.isTable) this.fillTable();
    this.arrange();
  }

  private arrange(): void {
    const isEmpty = this.table === undefined;
    this.empty.hidden = !isEmpty;
    this.tools.hidden = isEmpty;
    this.chart.hidden = isEmpty || this.isTable;
    this.rows.hidden = isEmpty || !this.isTable;
  }

  /** What is told about, and the focus, goes over to the new chart. */
  private replace(chart: Element): void {
    const before = this.chart.querySelector<HTMLElement>(".chart-stage");
    const after = chart.querySelector<HTMLElement>(".chart-stage");
    const hadFocus = this.chart.contains(document.activeElement);
    const at = before?.dataset["at"];
    if (after && at !== undefined) after.dataset["at"] = at;
    this.chart.replaceChildren(chart);
    if (hadFocus) chart.querySelector<HTMLElement>(".chart-room")?.focus({ preventScroll: true });
  }

  private fillTable(): void {
    if (this.table === undefined) return;
    const { columns, rows } = this.table;
    const head = columns.map((text) => make("th", { text, attributes: { scope: "col" } }));
    const body = rows.slice(0, MOST_ROWS).map((row) => make("tr", {}, row.map(makeCell)));
    const table = make("table", { class: "plain" }, [
      make("thead", {}, [make("tr", {}, head)]),
      make("tbody", {}, body),
    ]);
    const rest = rows.length - body.length;
    const words = `The first ${sayNumber(body.length)} of ${sayNumber(rows.length)} rows; CSV has them all.`;
    this.rows.replaceChildren(table, ...(rest > 0 ? [make("p", { class: "detail", text: words })] : []));
  }
}

function makeCell(cell: Cell): HTMLElement {
  return make("td", { text: typeof cell === "string" ? cell : sayValue(cell) });
}

function makeTool(text: string, title: string, onClick: () => void): HTMLButtonElement {
  const button = make("button", { class: "quiet", text, title, attributes: { type: "button" } });
  button.addEventListener("click", onClick);
  return button;
}
