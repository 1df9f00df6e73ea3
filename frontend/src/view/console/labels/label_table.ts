/** The labels: how much was drawn of each, and whether the live version knows it. */
import type { ListedLabel } from "../../../server/label_orders.ts";
import { make } from "../../element.ts";
import { showKeyed } from "../keyed_list.ts";
import { sayAgo, sayMoment, sayNumber } from "../words.ts";
import type { Standing } from "./label_words.ts";

const COLUMNS = ["Label", "Drawings", "Live version", "Added", ""] as const;

export function makeLabelTable(): { readonly table: HTMLElement; readonly rows: HTMLElement } {
  const head = COLUMNS.map((text) =>
    text === "" ? make("td") : make("th", { text, attributes: { scope: "col" } }),
  );
  const rows = make("tbody", { class: "body" });
  const table = make("table", { class: "label-table" }, [make("thead", {}, [make("tr", {}, head)]), rows]);
  return { table, rows };
}

/** @param now in milliseconds since 1970. */
export function showLabels(
  rows: HTMLElement,
  standings: readonly Standing[],
  now: number,
  onWithdraw: (label: ListedLabel) => void,
): void {
  showKeyed(
    rows,
    standings,
    ({ label }) => label.name,
    () => make("tr"),
    (row, standing) => fillRow(row, standing, now, onWithdraw),
  );
}

function fillRow(
  row: HTMLElement,
  standing: Standing,
  now: number,
  onWithdraw: (label: ListedLabel) => void,
): void {
  const { label, isKnown, mayBeWithdrawn } = standing;
  const told = JSON.stringify([standing, label.added_at === null ? "" : sayAgo(label.added_at, now)]);
  // What has not changed keeps its focus.
  if (row.dataset["told"] === told) return;
  row.dataset["told"] = told;
  row.dataset["label"] = label.name;
  const standsWith = make("span", { class: isKnown ? "state published" : "state waiting" });
  standsWith.textContent = isKnown ? "knows it" : "not yet";
  row.replaceChildren(
    cell("Label", [makeName(label)]),
    cell("Drawings", [make("span", { text: sayNumber(standing.numDrawings) })]),
    cell("Live version", [standsWith, make("span", { class: "detail", text: standing.words })]),
    cell("Added", [makeAdded(label, now)]),
    make("td", { class: "action" }, mayBeWithdrawn ? [makeWithdraw(label, onWithdraw)] : []),
  );
}

function makeName({ name, prompt, emoji }: ListedLabel): HTMLElement {
  const sign = make("span", { class: "emoji", text: emoji, attributes: { "aria-hidden": "true" } });
  const words = make("span", {}, [
    make("strong", { text: name }),
    make("span", { class: "detail", text: `Can you draw ${prompt}?` }),
  ]);
  return make("span", { class: "label-name" }, [sign, words]);
}

function makeAdded({ added_at: moment }: ListedLabel, now: number): HTMLElement {
  if (moment === null) return make("span", { class: "detail", text: "comes with the label set" });
  return make("span", { text: sayAgo(moment, now), title: sayMoment(moment) });
}

function makeWithdraw(label: ListedLabel, onWithdraw: (label: ListedLabel) => void): HTMLElement {
  const button = make("button", {
    class: "quiet",
    text: "Withdraw \u2026",
    attributes: { type: "button", "aria-label": `Withdraw ${label.name}` },
  });
  button.addEventListener("click", () => onWithdraw(label));
  return button;
}

/** A cell that carries its column's name, for phones, where rows become cards. */
function cell(column: (typeof COLUMNS)[number], children: readonly Node[]): HTMLElement {
  return make("td", { data: { column } }, children);
}
