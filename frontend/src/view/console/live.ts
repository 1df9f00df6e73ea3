/** The live version at a glance, whether it is pinned, and the way back. */
import type { History, Pin } from "../../server/models.ts";
import type { Version } from "../../server/operator.ts";
import { make } from "../element.ts";
import { keepEqual } from "./keep_equal.ts";
import { sayAgo, sayShare } from "./words.ts";

/** Show what is live. @param now in milliseconds since 1970. */
export function showLive(
  body: HTMLElement,
  versions: readonly Version[],
  { deployments, previous }: History,
  pin: Pin,
  now: number,
  onRollBack: (target: string) => void,
): void {
  const latest = deployments[0];
  if (!latest) return keepEqual(body, [make("p", { class: "detail", text: "No model is live yet." })]);
  const live = versions.find((version) => version.version === latest.version);
  const accuracies = Object.entries(live?.metrics ?? {}).map(
    ([name, metrics]) => `${sayShare(metrics.accuracy)} right on ${name} drawings`,
  );
  keepEqual(body, [
    make("p", { class: "figure" }, [
      make("code", { text: latest.version, data: { version: latest.version } }),
    ]),
    make("p", { class: "detail", text: `since ${sayAgo(latest.created_at, now)}, by ${latest.actor}` }),
    make("p", { class: "detail", text: accuracies.join(", ") }),
    ...sayPinned(pin),
    makeRollBack(previous ?? undefined, onRollBack),
  ]);
}

function sayPinned({ pinned, decisions }: Pin): HTMLElement[] {
  const latest = decisions[0];
  if (!pinned || !latest) return [];
  return [
    make("p", { class: "pinned-note" }, [
      make("strong", { text: "Pinned" }),
      ` by ${latest.actor}: ${latest.reason}`,
    ]),
  ];
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
