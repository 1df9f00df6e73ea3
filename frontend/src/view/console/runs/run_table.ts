/** The table of runs. */
import type { TrackedRun } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { showKeyed } from "../keyed_list.ts";
import { sayMoment } from "../words.ts";
import {
  NOTHING,
  sayAccuracy,
  sayCreated,
  sayLoss,
  sayStanding,
  sayTitle,
  sayTook,
  sayWhy,
  shortKey,
} from "./run_words.ts";
import { MOST_COMPARED, runAddress, type SORTS } from "./runs_address.ts";

/** What can be sorted by, and which way first. */
export const COLUMNS: readonly { readonly title: string; readonly by?: (typeof SORTS)[number] }[] = [
  { title: "Run" },
  { title: "State" },
  { title: "Network" },
  { title: "Accuracy", by: "accuracy" },
  { title: "Loss", by: "loss" },
  { title: "Priority", by: "priority" },
  { title: "Ordered", by: "created_at" },
  { title: "Time", by: "seconds" },
];

/** Newest first. */
export const USUAL_SORT = "-created_at";

/** Small losses are good and come first; of everything else the large ones do. */
const RISING_FIRST = new Set(["loss"]);

/** Take the next order when a column is asked for: the other way round when it is asked for again. */
export function nextSort(sort: string, by: string): string {
  if (sort === by) return `-${by}`;
  if (sort === `-${by}`) return by;
  return RISING_FIRST.has(by) ? by : `-${by}`;
}

export interface Shown {
  readonly runs: readonly TrackedRun[];
  readonly marked: readonly string[];
  /** In milliseconds since 1970. */
  readonly now: number;
}

type OnMark = (key: string, isMarked: boolean) => void;

/** Make the head of the table. @param onSort called with a column's name. */
export function makeHead(onSort: (by: string) => void): HTMLElement {
  const heads = COLUMNS.map(({ title, by }) => {
    if (by === undefined) return make("th", { text: title, attributes: { scope: "col" } });
    const button = make("button", { class: "sort", text: title, attributes: { type: "button" } });
    button.addEventListener("click", () => onSort(by));
    return make("th", { data: { by }, attributes: { scope: "col" } }, [button]);
  });
  return make("thead", {}, [make("tr", {}, heads)]);
}

/** Show by what the table is sorted. */
export function showSort(head: HTMLElement, sort: string): void {
  for (const cell of head.querySelectorAll<HTMLElement>("th[data-by]")) {
    const by = cell.dataset["by"];
    const order = sort === by ? "ascending" : sort === `-${by}` ? "descending" : "none";
    cell.setAttribute("aria-sort", order);
  }
}

/** Show the runs; the elements of those that stay, stay. */
export function showRows(body: HTMLElement, { runs, marked, now }: Shown, onMark: OnMark): void {
  const isFull = marked.length >= MOST_COMPARED;
  showKeyed(
    body,
    runs,
    (run) => run.key,
    () => makeRow(onMark),
    (row, run) => fillRow(row, run, marked.includes(run.key), isFull, now),
  );
}

function makeRow(onMark: OnMark): HTMLElement {
  const tick = make("input", { class: "pick", attributes: { type: "checkbox" } });
  const row = make("tr", {}, [
    make("td", { data: { column: "Run" } }, [
      make("label", { class: "name" }, [tick]),
      make("a", { class: "title" }),
      make("span", { class: "detail asked" }),
    ]),
    ...COLUMNS.slice(1).map(({ title }) => make("td", { data: { column: title } })),
  ]);
  tick.addEventListener("change", () => onMark(row.dataset["run"] ?? "", tick.checked));
  return row;
}

function fillRow(row: HTMLElement, run: TrackedRun, isMarked: boolean, isFull: boolean, now: number): void {
  row.dataset["run"] = run.key;
  row.dataset["state"] = run.state;
  const [first, ...others] = Array.from(row.children) as HTMLElement[];
  if (first) fillName(first, run, isMarked, isFull);
  listCells(run, now).forEach((content, index) => {
    const cell = others[index];
    const isSame =
      content.length === cell?.childNodes.length &&
      content.every((node, at) => isEqual(node, cell.childNodes[at]));
    if (!isSame) cell?.replaceChildren(...content);
    cell?.classList.toggle("nothing", cell.textContent === NOTHING);
  });
}

function isEqual(one: Node | string, other: Node | undefined): boolean {
  if (typeof one === "string") return other?.nodeType === Node.TEXT_NODE && other.textContent === one;
  return other !== undefined && one.isEqualNode(other);
}

function fillName(cell: HTMLElement, run: TrackedRun, isMarked: boolean, isFull: boolean): void {
  const tick = cell.querySelector("input");
  const link = cell.querySelector("a");
  const why = cell.querySelector(".asked");
  if (tick) {
    tick.checked = isMarked;
    tick.disabled = isFull && !isMarked;
    tick.setAttribute("aria-label", `Compare run ${shortKey(run)}`);
  }
  if (link) {
    link.href = runAddress(run.key);
    link.textContent = sayTitle(run);
  }
  if (why) why.textContent = `${shortKey(run)}, ${sayWhy(run)}`;
}

function listCells(run: TrackedRun, now: number): (Node | string)[][] {
  const [accuracy, of] = sayAccuracy(run);
  return [
    [makeState(run), ...details(sayStanding(run), run.error ?? "")],
    [run.network ?? NOTHING, ...details(run.kind)],
    [make("strong", { text: accuracy }), ...details(of)],
    [sayLoss(run)],
    [String(run.priority)],
    [make("span", { text: sayCreated(run, now), title: sayMoment(run.created_at) })],
    [sayTook(run, now) || NOTHING, ...details(run.worker ?? run.sent_to ?? "")],
  ];
}

/** A run that has ended well is known by its verdict. */
export function makeState({ state, verdict }: TrackedRun): HTMLElement {
  const shown = verdict?.outcome ?? state;
  return make("span", { class: `state ${shown}`, text: shown });
}

function details(...texts: readonly string[]): HTMLElement[] {
  return texts
    .filter((text) => text !== "")
    .map((text) => make("span", { class: "detail words", text, title: text }));
}
