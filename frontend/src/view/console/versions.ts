/** The versions, with what each holdout says of them. */
import type { HoldoutMetrics, Version } from "../../server/operator.ts";
import { make } from "../element.ts";
import { reportAddress } from "./report_address.ts";
import { sayAgo, sayMoment, sayNumber, sayShare } from "./words.ts";

/**
 * Show the versions.
 *
 * @param versions newest first.
 * @param now in milliseconds since 1970.
 */
export function showVersions(
  table: HTMLElement,
  versions: readonly Version[],
  now: number,
  onDeploy: (version: Version) => void,
): void {
  const holdouts = [...new Set(versions.flatMap((version) => Object.keys(version.metrics)))].sort();
  table.dataset["empty"] =
    versions.length === 0 ? "No version yet. The first start registers the shipped one." : "";
  table.replaceChildren(
    makeHead(holdouts),
    make(
      "tbody",
      {},
      versions.map((version) => makeRow(version, holdouts, now, onDeploy)),
    ),
  );
}

function makeHead(holdouts: readonly string[]): HTMLElement {
  const names = ["Version", "Network", ...holdouts.map(sayHoldout), "Made", ""];
  const cells = names.map((text) => make("th", { text, attributes: { scope: "col" } }));
  return make("thead", {}, [make("tr", {}, cells)]);
}

function sayHoldout(name: string): string {
  return `On ${name} drawings`;
}

function makeRow(
  version: Version,
  holdouts: readonly string[],
  now: number,
  onDeploy: (version: Version) => void,
): HTMLElement {
  const cells = [
    makeName(version),
    cell("Network", [version.network.name, detail(`${sayNumber(version.num_parameters)} parameters`)]),
    ...holdouts.map((name) => makeMetrics(name, version.metrics[name])),
    cell("Made", [
      make("span", { text: sayAgo(version.created_at, now), title: sayMoment(version.created_at) }),
    ]),
    make("td", { class: "action" }, version.live ? [] : [makeDeploy(version, onDeploy)]),
  ];
  return make("tr", { class: version.live ? "live" : "", data: { version: version.version } }, cells);
}

function makeName({ version, live, parent_version: parent, run }: Version): HTMLElement {
  const badge = live ? [make("span", { class: "badge", text: "live" })] : [];
  const origin = parent === null ? "trained from nothing" : `from ${parent}`;
  const report =
    run === null ? [] : [" \u00b7 ", make("a", { text: "report", attributes: { href: reportAddress(run) } })];
  const from = make("span", { class: "detail" }, [origin, ...report]);
  return cell("Version", [make("code", { text: version }), ...badge, from]);
}

function makeMetrics(name: string, metrics: HoldoutMetrics | undefined): HTMLElement {
  if (!metrics) return cell(sayHoldout(name), ["\u2013"]);
  const kept = metrics.kept == null ? "" : `, ${sayShare(metrics.kept)} known`;
  const facts = `log-loss ${metrics.log_loss.toFixed(3)}, ${sayNumber(metrics.num_doodles)} drawings${kept}`;
  const title = Object.entries(metrics.recalls).map(([label, recall]) => `${label} ${sayShare(recall)}`);
  const accuracy = make("strong", { text: sayShare(metrics.accuracy), title: `recall: ${title.join(", ")}` });
  return cell(sayHoldout(name), [accuracy, detail(facts)]);
}

function makeDeploy(version: Version, onDeploy: (version: Version) => void): HTMLElement {
  const button = make("button", {
    class: "quiet",
    text: "Deploy \u2026",
    data: { action: "deploy" },
    attributes: { type: "button", "aria-label": `Deploy version ${version.version}` },
  });
  button.addEventListener("click", () => onDeploy(version));
  return button;
}

/** A cell that carries its column's name, for phones, where rows become cards. */
function cell(column: string, children: readonly (Node | string)[]): HTMLElement {
  return make("td", { data: { column } }, children);
}

function detail(text: string): HTMLElement {
  return make("span", { class: "detail", text });
}
