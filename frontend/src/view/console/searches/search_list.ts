/** The searches there were, as a table. */
import type { Search } from "../../../server/searches.ts";
import { make } from "../../element.ts";
import { showKeyed } from "../keyed_list.ts";
import { sayAgo, sayMoment } from "../words.ts";
import { sayBest, sayCounts, sayMethod, sayName, sayTime, shareDone } from "./search_words.ts";
import { searchAddress } from "./searches_address.ts";

const COLUMNS = ["Search", "State", "Method", "Trials", "Best", "Time", "Begun"] as const;
const EMPTY = "No search yet. Say above what to try, and see what it would take.";

export class SearchList {
  readonly element: HTMLElement;
  private readonly rows = make("tbody", { class: "body" });
  private readonly table: HTMLElement;

  constructor() {
    const head = COLUMNS.map((text) => make("th", { text, attributes: { scope: "col" } }));
    this.table = make("table", { class: "body search-list" }, [
      make("thead", {}, [make("tr", {}, head)]),
      this.rows,
    ]);
    const heading = make("h2", { text: "Searches so far", attributes: { id: "searches-list" } });
    this.element = make(
      "section",
      { class: "panel part", attributes: { "aria-labelledby": "searches-list" } },
      [heading, make("div", { class: "scroll" }, [this.table])],
    );
  }

  clear(): void {
    this.rows.replaceChildren();
    delete this.table.dataset["empty"];
  }

  /** @param now in milliseconds since 1970. */
  show(searches: readonly Search[], now: number): void {
    this.table.dataset["empty"] = searches.length === 0 ? EMPTY : "";
    showKeyed(
      this.rows,
      searches,
      ({ key }) => key,
      () => make("tr"),
      (row, search) => fillRow(row, search, now),
    );
  }
}

function fillRow(row: HTMLElement, search: Search, now: number): void {
  const told = JSON.stringify([search, sayAgo(search.created_at, now)]);
  // What has not changed keeps its focus.
  if (row.dataset["told"] === told) return;
  row.dataset["told"] = told;
  row.dataset["search"] = search.key;
  const link = make("a", {
    class: "name",
    text: sayName(search),
    attributes: { href: searchAddress(search.key) },
  });
  const begun = make("span", {
    text: `${sayAgo(search.created_at, now)} by ${search.requested_by}`,
    title: sayMoment(search.created_at),
  });
  const cells: readonly (readonly Node[])[] = [
    [link],
    [make("span", { class: `state ${search.state}`, text: search.state })],
    [make("span", { text: sayMethod(search) })],
    [makeBar(search), make("span", { class: "detail", text: sayCounts(search) })],
    [make("span", { text: sayBest(search) })],
    [make("span", { text: sayTime(search) })],
    [begun],
  ];
  row.replaceChildren(
    ...cells.map((children, index) => make("td", { data: { column: COLUMNS[index] ?? "" } }, children)),
  );
}

/** How much of it is over. */
export function makeBar(search: Pick<Search, "counts" | "num_trials">): HTMLElement {
  const share = shareDone(search);
  const filled = make("span", { class: "filled" });
  filled.style.transform = `scaleX(${share})`;
  const attributes = {
    role: "progressbar",
    "aria-label": "trials that are over",
    "aria-valuenow": String(Math.round(share * 100)),
  };
  return make("span", { class: "bar", attributes }, [filled]);
}
