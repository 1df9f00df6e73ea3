/** What the review says: reasons, their numbers, what was done. */
import type { Reason, ReviewOrder, ReviewState } from "../../server/reviews.ts";
import { sayPercent } from "../percent.ts";
import { sayAmount } from "./words.ts";

export const REASON_NAMES: Readonly<Record<Reason, string>> = {
  label: "Looks mislabelled",
  unknown: "Looks like nothing known",
  contributor: "Contributor errs often",
  duplicate: "Repeats another",
  share: "Beyond a contributor\u2019s share",
  operator: "Picked in the gallery",
};

export const STATE_NAMES: Readonly<Record<ReviewState, string>> = {
  open: "Waiting",
  unused: "Left out",
  reviewed: "Decided",
};

/** Which reasons there are in a state: what nobody needs to look at never waits. */
export const REASONS_IN: Readonly<Record<ReviewState, readonly Reason[]>> = {
  open: ["label", "unknown", "contributor"],
  unused: ["duplicate", "share"],
  reviewed: ["label", "unknown", "contributor", "duplicate", "share", "operator"],
};

/** Write what a reason was decided by: shares as percent, other numbers with three digits that mean something. */
export function sayNumbers(numbers: Readonly<Record<string, unknown>>): string {
  return Object.entries(numbers)
    .map(([name, value]) => `${name.replace(/^num_/, "").replaceAll("_", " ")} ${sayValue(name, value)}`)
    .join(" \u00b7 ");
}

function sayValue(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "number") return JSON.stringify(value);
  const isShare = /(share|threshold|confidence)$/.test(name) && value >= 0 && value <= 1;
  return isShare && !Number.isInteger(value) ? sayPercent(value) : String(Number(value.toPrecision(3)));
}

const DONE: Readonly<Record<ReviewOrder["action"], string>> = {
  accept: "Accepted",
  reject: "Rejected",
  relabel: "Relabelled",
  undo: "Took back",
};

/** Say what was done: "Rejected 3 drawings." */
export function sayDone(orders: readonly ReviewOrder[]): string {
  const parts = orders.reduce((known, { action, label, ids }) => {
    const name = label === undefined ? DONE[action] : `${DONE[action]} as ${label}:`;
    return known.set(name, (known.get(name) ?? 0) + ids.length);
  }, new Map<string, number>());
  return [...parts].map(([name, count]) => `${name} ${sayAmount(count, "drawing")}.`).join(" ");
}

/** Sum what waits. */
export function countAll(counts: Readonly<Partial<Record<Reason, number>>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
