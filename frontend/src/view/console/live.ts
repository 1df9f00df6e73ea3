/** The live version at a glance, and the way back. */
import type { Deployment, Version } from "../../server/operator.ts";
import { make } from "../element.ts";
import { findRollbackTarget } from "./deployments.ts";
import { sayAgo, sayShare } from "./words.ts";

/**
 * Show what is live.
 *
 * @param deployments newest first.
 * @param now in milliseconds since 1970.
 */
export function showLive(
  body: HTMLElement,
  versions: readonly Version[],
  deployments: readonly Deployment[],
  now: number,
  onRollBack: (target: string) => void,
): void {
  const latest = deployments[0];
  if (!latest) return body.replaceChildren(make("p", { class: "detail", text: "No model is live yet." }));
  const live = versions.find((version) => version.version === latest.version);
  const accuracies = Object.entries(live?.metrics ?? {}).map(
    ([name, metrics]) => `${sayShare(metrics.accuracy)} right on ${name} drawings`,
  );
  body.replaceChildren(
    make("p", { class: "figure" }, [
      make("code", { text: latest.version, data: { version: latest.version } }),
    ]),
    make("p", { class: "detail", text: `since ${sayAgo(latest.created_at, now)}, by ${latest.actor}` }),
    make("p", { class: "detail", text: accuracies.join(", ") }),
    makeRollBack(findRollbackTarget(deployments), onRollBack),
  );
}

function makeRollBack(target: string | undefined, onRollBack: (target: string) => void): HTMLElement {
  const button = make("button", {
    class: "quiet",
    text: "Roll back \u2026",
    title: target === undefined ? "Nothing was live before" : `To ${target}`,
    data: { action: "roll-back" },
    attributes: { type: "button" },
  });
  button.disabled = target === undefined;
  if (target !== undefined) button.addEventListener("click", () => onRollBack(target));
  return button;
}
