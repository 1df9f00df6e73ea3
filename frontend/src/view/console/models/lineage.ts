/** Which version was trained from which, as a tree that stays narrow: only branches are indented. */
import type { Version } from "../../../server/operator.ts";
import { make } from "../../element.ts";
import { sayShare } from "../words.ts";

export interface Branch {
  readonly version: Version;
  /** 0 on the line that leads to what is live. */
  readonly depth: number;
}

/**
 * Lay versions out, each below its parent.
 *
 * Of several children the one on the way to the live version, otherwise the newest, goes on at its parent's depth; the
 * others come before it, one deeper. What has no parent in the list begins a line of its own.
 */
export function layOut(versions: readonly Version[]): Branch[] {
  const oldest = [...versions].sort(
    (one, other) => Date.parse(one.created_at) - Date.parse(other.created_at),
  );
  const known = new Set(oldest.map(({ version }) => version));
  const line = traceLine(oldest);
  const roots = oldest.filter(({ parent_version: parent }) => parent === null || !known.has(parent));
  const branches: Branch[] = [];
  const walk = (version: Version, depth: number): void => {
    branches.push({ version, depth });
    const children = oldest.filter(({ parent_version: parent }) => parent === version.version);
    const main = children.find((child) => line.has(child.version)) ?? children.at(-1);
    for (const child of children) if (child !== main) walk(child, depth + 1);
    if (main) walk(main, depth);
  };
  for (const root of roots) walk(root, 0);
  return branches;
}

/** The live version, and what it came from. */
function traceLine(versions: readonly Version[]): ReadonlySet<string> {
  const line = new Set<string>();
  let at = versions.find(({ live }) => live);
  while (at !== undefined) {
    line.add(at.version);
    const parent = at.parent_version;
    at = versions.find(({ version }) => version === parent && !line.has(version));
  }
  return line;
}

/** Deeper branches are shown at this depth. */
const DEEPEST = 8;

/** Show the tree. */
export function showLineage(list: HTMLElement, versions: readonly Version[]): void {
  const known = new Set(versions.map(({ version }) => version));
  list.replaceChildren(...layOut(versions).map((branch) => makeBranch(branch, known)));
}

function makeBranch({ version, depth }: Branch, known: ReadonlySet<string>): HTMLElement {
  const { version: name, live, parent_version: parent, verdict, metrics } = version;
  const badges = live ? [make("span", { class: "badge", text: "live" })] : [];
  const state =
    verdict === null ? [] : [make("span", { class: `state ${verdict.outcome}`, text: verdict.outcome })];
  const best = metrics["base"] ?? Object.values(metrics)[0];
  const item = make("li", { class: live ? "live" : "", data: { depth: String(depth) } }, [
    make("code", { text: name }),
    ...badges,
    ...state,
    make("span", {
      class: "detail",
      text: [sayOrigin(parent, known), best ? sayShare(best.accuracy) : ""].filter(Boolean).join(" \u00b7 "),
    }),
  ]);
  item.style.setProperty("--depth", String(Math.min(depth, DEEPEST)));
  return item;
}

function sayOrigin(parent: string | null, known: ReadonlySet<string>): string {
  if (parent === null) return "trained from nothing";
  return known.has(parent) ? `from ${parent}` : `from ${parent}, which is not listed any more`;
}
