/** Where on the operator's page the review is: behind the #, with its filter, so that it can be linked to. */
import type { Reason, ReviewFilter, ReviewState } from "../../server/reviews.ts";

const STATES: readonly ReviewState[] = ["open", "unused", "reviewed"];
const REASONS: readonly Reason[] = ["label", "unknown", "contributor", "duplicate", "share", "operator"];

export const EVERYTHING_OPEN: ReviewFilter = { state: "open", reason: undefined, label: undefined };

export function reviewAddress({ state, reason, label }: ReviewFilter): string {
  const parts = [
    ...(state === "open" ? [] : [`state=${state}`]),
    ...(reason === undefined ? [] : [`reason=${reason}`]),
    ...(label === undefined ? [] : [`label=${encodeURIComponent(label)}`]),
  ];
  return ["#review", ...parts].join("&");
}

/**
 * Find which part of the review an address asks for.
 *
 * @param hash with its #.
 * @returns undefined when it asks for something else; what it says wrong is as if it said nothing.
 */
export function findReviewFilter(hash: string): ReviewFilter | undefined {
  const [name, ...parts] = hash.split("&");
  if (name !== "#review") return undefined;
  const asked = new URLSearchParams(parts.join("&"));
  return {
    state: STATES.find((state) => state === asked.get("state")) ?? "open",
    reason: REASONS.find((reason) => reason === asked.get("reason")),
    label: asked.get("label") || undefined,
  };
}
