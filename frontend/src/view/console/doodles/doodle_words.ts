/** What the gallery says. */
import type { Contributor, Decided, Erasure } from "../../../server/gallery.ts";
import { sayAmount, sayMoment } from "../words.ts";

/** Say one decision: "ada rejected it: of no use (21 Nov 2026, 10:00)". */
export function sayHistory({ action, label, reason, operator, reviewed_at: at }: Decided): string {
  const what = {
    accept: "accepted it",
    reject: "rejected it",
    relabel: `relabelled it as ${label}`,
    undo: "undid that",
  }[action];
  return `${operator} ${what}: ${reason} (${sayMoment(at)})`;
}

/** Say how far the search went where few of many fit. @param lookedTo ISO 8601. */
export function sayLookedTo(lookedTo: string): string {
  return `Nothing more that fits among what was stored since ${sayMoment(lookedTo)}.`;
}

/** Say what erasing a contributor means, before it is done. */
export function sayErasing({
  num_doodles: num,
  first_at: first,
  last_at: last,
  versions,
}: Contributor): string {
  const when = `${sayAmount(num, "drawing")}, from ${sayMoment(first)} to ${sayMoment(last)}, go for good`;
  const learnt =
    versions.length === 0
      ? "No version has learnt from them."
      : `What ${sayAmount(versions.length, "version")} may have learnt from them stays: ${sayNames(versions)}.`;
  return `${when}, with all decisions about them and their pictures in reports. ${learnt} Backups keep them until they are deleted. The reason is kept: it should name nobody.`;
}

/** Say how far an order to erase is. */
export function sayErasure({
  state,
  num_doodles: num,
  num_pictures: pictures,
  waits_for: runs,
  versions,
}: Erasure): string {
  const gone = `${sayAmount(num, "drawing")} and ${sayAmount(pictures, "picture")} in reports erased`;
  if (state === "open") {
    const waits = runs.length === 0 ? "going on" : `waiting for ${sayAmount(runs.length, "run")} to end`;
    return `${gone} so far; ${waits}.`;
  }
  return versions.length === 0 ? `${gone}.` : `${gone}. May have been learnt by: ${sayNames(versions)}.`;
}

const MOST_NAMED = 6;

function sayNames(versions: readonly string[]): string {
  const named = versions.slice(-MOST_NAMED).join(", ");
  const others = versions.length - MOST_NAMED;
  return others > 0 ? `${named} and ${others} before` : named;
}
