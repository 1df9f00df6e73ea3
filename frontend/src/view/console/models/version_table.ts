/** The table of versions: sorted by any of its numbers, with what can be done about each. */
import { archivePath, filePath } from "../../../server/models.ts";
import type { HoldoutMetrics, Version, VersionFile } from "../../../server/operator.ts";
import { make } from "../../element.ts";
import { reportAddress } from "../report_address.ts";
import { sayAgo, sayMoment, sayNumber, sayShare } from "../words.ts";
import { type Order, sizeOf } from "./rank.ts";

export interface TableActions {
  readonly onOrder: (by: string) => void;
  readonly onDeploy: (version: Version) => void;
  readonly onDelete: (version: Version) => void;
  /** Tried as a shadow. */
  readonly onTry: (version: Version) => void;
  /** Marked for a comparison, or not any more. */
  readonly onMark: (version: string, isMarked: boolean) => void;
}

export interface TableState {
  /** In the order they are shown. */
  readonly versions: readonly Version[];
  readonly order: Order;
  readonly marked: readonly string[];
  /** The version that is tried; undefined where none is. */
  readonly shadow: string | undefined;
  /** In milliseconds since 1970. */
  readonly now: number;
}

interface Column {
  readonly title: string;
  /** What it is sorted by; undefined where it has no order. */
  readonly by: string | undefined;
}

const ROLES = {
  tfjs_model: "TensorFlow.js, graph",
  tfjs_weights: "TensorFlow.js, weights",
  onnx: "ONNX",
  weights: "Weights for training on",
  report: "Report",
} as const;

/** The names of the holdouts that some version was measured on. */
export function listHoldouts(versions: readonly Version[]): string[] {
  return [...new Set(versions.flatMap((version) => Object.keys(version.metrics)))].sort();
}

/** By what the versions can be sorted, for those who see no table heads. */
export function listOrders(versions: readonly Version[]): { by: string; title: string }[] {
  return columnsOf(versions).flatMap(({ by, title }) => (by === undefined ? [] : [{ by, title }]));
}

function columnsOf(versions: readonly Version[]): Column[] {
  return [
    { title: "Version", by: undefined },
    { title: "Parameters", by: "parameters" },
    { title: "Size", by: "size" },
    ...listHoldouts(versions).map((name) => ({ title: sayHoldout(name), by: name })),
    { title: "Verdict", by: undefined },
    { title: "Made", by: "made" },
    { title: "", by: undefined },
  ];
}

function sayHoldout(name: string): string {
  return `On ${name} drawings`;
}

/** Show the versions. */
export function showTable(table: HTMLElement, state: TableState, actions: TableActions): void {
  const { versions } = state;
  table.dataset["empty"] =
    versions.length === 0 ? "No version yet. The first start registers the shipped one." : "";
  const rows = versions.map((version) => makeRow(version, listHoldouts(versions), state, actions));
  const heads = columnsOf(versions).map((column) => makeHead(column, state.order, actions));
  table.replaceChildren(make("thead", {}, [make("tr", {}, heads)]), make("tbody", {}, rows));
}

function makeHead({ title, by }: Column, order: Order, { onOrder }: TableActions): HTMLElement {
  if (title === "") return make("td");
  if (by === undefined) return make("th", { text: title, attributes: { scope: "col" } });
  const isSorted = order.by === by;
  const direction = order.isRising ? "ascending" : "descending";
  const button = make("button", { class: "sort", text: title, attributes: { type: "button" } });
  button.id = `models-sort-${by}`;
  button.addEventListener("click", () => onOrder(by));
  return make("th", { attributes: { scope: "col", "aria-sort": isSorted ? direction : "none" } }, [button]);
}

function makeRow(
  version: Version,
  holdouts: readonly string[],
  { marked, shadow, now }: TableState,
  actions: TableActions,
): HTMLElement {
  const cells = [
    makeName(version, marked, shadow, actions),
    cell("Parameters", [sayNumber(version.num_parameters), detail(version.network.name)]),
    cell("Size", [saySize(sizeOf(version)), makeFiles(version)]),
    ...holdouts.map((name) => makeMetrics(name, version.metrics[name])),
    makeVerdict(version),
    cell("Made", [
      make("span", { text: sayAgo(version.created_at, now), title: sayMoment(version.created_at) }),
    ]),
    make("td", { class: "action" }, makeActions(version, shadow, actions)),
  ];
  return make("tr", { class: version.live ? "live" : "", data: { version: version.version } }, cells);
}

function makeName(
  { version, live, parent_version: parent }: Version,
  marked: readonly string[],
  shadow: string | undefined,
  { onMark }: TableActions,
): HTMLElement {
  const tick = make("input", {
    class: "pick",
    attributes: { type: "checkbox", "aria-label": `Compare ${version}` },
  });
  tick.id = `models-mark-${version}`;
  tick.checked = marked.includes(version);
  tick.addEventListener("change", () => onMark(version, tick.checked));
  const badge = live ? [make("span", { class: "badge", text: "live" })] : [];
  if (version === shadow) badge.push(make("span", { class: "badge tried", text: "shadow" }));
  const origin = parent === null ? "trained from nothing" : `from ${parent}`;
  return cell("Version", [
    make("label", { class: "name" }, [tick, make("code", { text: version }), ...badge]),
    detail(origin),
  ]);
}

function makeMetrics(name: string, metrics: HoldoutMetrics | undefined): HTMLElement {
  if (!metrics) return cell(sayHoldout(name), ["\u2013"]);
  const kept = metrics.kept == null ? "" : `, ${sayShare(metrics.kept)} known`;
  const facts = `log-loss ${metrics.log_loss.toFixed(3)}, ${sayNumber(metrics.num_doodles)} drawings${kept}`;
  const title = Object.entries(metrics.recalls).map(([label, recall]) => `${label} ${sayShare(recall)}`);
  const accuracy = make("strong", { text: sayShare(metrics.accuracy), title: `recall: ${title.join(", ")}` });
  return cell(sayHoldout(name), [accuracy, detail(facts)]);
}

function makeVerdict({ verdict, run }: Version): HTMLElement {
  const report =
    run === null ? [] : [make("a", { text: "Report of its run", attributes: { href: reportAddress(run) } })];
  if (verdict === null)
    return cell("Verdict", [detail(run === null ? "Made by no run" : "None yet"), ...report]);
  return cell("Verdict", [
    make("span", { class: `state ${verdict.outcome}`, text: SAID[verdict.outcome] }),
    make("span", { class: "detail words", text: verdict.summary }),
    ...report,
  ]);
}

const SAID = { published: "published", passed: "passed, not deployed", rejected: "rejected" } as const;

function makeFiles({ version, files }: Version): HTMLElement {
  const links = [
    makeDownload(archivePath(version), "", "All of it, as one zip"),
    makeDownload(filePath(version, "manifest.json"), `${version}-manifest.json`, "Manifest"),
    ...files.map((file) => makeFile(version, file)),
  ];
  const summary = make("summary", { text: "Files", attributes: { "aria-label": `Files of ${version}` } });
  return make("details", { class: "files" }, [summary, make("ul", {}, links)]);
}

function makeFile(version: string, { role, path, size_bytes }: VersionFile): HTMLElement {
  return makeDownload(
    filePath(version, path),
    `${version}-${path}`,
    `${ROLES[role]} (${path}), ${saySize(size_bytes)}`,
  );
}

function makeDownload(href: string, name: string, text: string): HTMLElement {
  return make("li", {}, [make("a", { text, attributes: { href, download: name } })]);
}

function makeActions(
  version: Version,
  shadow: string | undefined,
  { onDeploy, onDelete, onTry }: TableActions,
): HTMLElement[] {
  const attempt = makeButton("Try", version, () => onTry(version));
  attempt.title = "Ask it beside the live version, without showing what it says";
  const deploy = makeButton("Deploy", version, () => onDeploy(version));
  const remove = makeButton("Delete", version, () => onDelete(version));
  remove.disabled = version.needed_for !== null;
  remove.title = version.needed_for === null ? "" : `It cannot be deleted: ${version.needed_for}`;
  if (version.live) return [];
  return version.version === shadow ? [deploy, remove] : [deploy, attempt, remove];
}

function makeButton(
  verb: "Deploy" | "Delete" | "Try",
  { version }: Version,
  act: () => void,
): HTMLButtonElement {
  const button = make("button", {
    class: "quiet",
    text: `${verb} \u2026`,
    data: { action: verb.toLowerCase() },
    attributes: { type: "button", "aria-label": `${verb} version ${version}` },
  });
  button.id = `models-${verb.toLowerCase()}-${version}`;
  button.addEventListener("click", act);
  return button;
}

/** Write a number of bytes. */
export function saySize(bytes: number): string {
  return bytes < 1e6
    ? `${Math.max(1, Math.round(bytes / 1e3))}\u00a0kB`
    : `${(bytes / 1e6).toFixed(1)}\u00a0MB`;
}

/** A cell that carries its column's name, for phones, where rows become cards. */
function cell(column: string, children: readonly (Node | string)[]): HTMLElement {
  return make("td", { data: { column } }, children);
}

function detail(text: string): HTMLElement {
  return make("span", { class: "detail", text });
}
