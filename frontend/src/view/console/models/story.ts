/** What was live when, by whom and why, when it was pinned and what was tried: one story, newest first. */
import type { PinDecision } from "../../../server/models.ts";
import type { Deployment } from "../../../server/operator.ts";
import type { ShadowDecision } from "../../../server/shadow.ts";
import { make } from "../../element.ts";
import { sayAgo, sayDuration, sayMoment } from "../words.ts";

const VERBS = { publish: "Published", deploy: "Deployed", rollback: "Rolled back to" } as const;

/** So many are shown until somebody wants them all. */
export const NUM_SHOWN = 12;

export type Chapter =
  | { readonly kind: "live"; readonly deployment: Deployment; readonly seconds: number | undefined }
  | { readonly kind: "pin"; readonly decision: PinDecision }
  | { readonly kind: "shadow"; readonly decision: ShadowDecision };

/**
 * Put deployments and decisions about the pin and the shadow in one order.
 *
 * @param deployments, decisions, shadows newest first.
 * @returns newest first; `seconds` is how long a version was live, undefined while it is.
 */
export function tellStory(
  deployments: readonly Deployment[],
  decisions: readonly PinDecision[],
  shadows: readonly ShadowDecision[],
): Chapter[] {
  const lives = deployments.map((deployment, index): Chapter => {
    const next = deployments[index - 1];
    const seconds = next && (Date.parse(next.created_at) - Date.parse(deployment.created_at)) / 1000;
    return { kind: "live", deployment, seconds };
  });
  const pins = decisions.map((decision): Chapter => ({ kind: "pin", decision }));
  const tries = shadows.map((decision): Chapter => ({ kind: "shadow", decision }));
  return [...lives, ...pins, ...tries].sort((one, other) => whenOf(other) - whenOf(one));
}

function whenOf(chapter: Chapter): number {
  return Date.parse(chapter.kind === "live" ? chapter.deployment.created_at : chapter.decision.created_at);
}

/** Show the story. @param now in milliseconds since 1970. */
export function showStory(list: HTMLElement, chapters: readonly Chapter[], now: number): void {
  list.dataset["empty"] = chapters.length === 0 ? "Nothing has been deployed yet." : "";
  list.replaceChildren(...chapters.map((chapter) => makeChapter(chapter, now)));
}

function makeChapter(chapter: Chapter, now: number): HTMLElement {
  if (chapter.kind === "live") return makeLife(chapter.deployment, chapter.seconds, now);
  return chapter.kind === "pin" ? makePin(chapter.decision, now) : makeTry(chapter.decision, now);
}

function makeLife(deployment: Deployment, seconds: number | undefined, now: number): HTMLElement {
  const { kind, version, previous_version: previous, reason } = deployment;
  const words = [make("strong", { text: VERBS[kind] }), " ", make("code", { text: version })];
  const from = previous === null ? [] : [" from ", make("code", { text: previous })];
  const lived = seconds === undefined ? "live since then" : `was live for ${sayDuration(seconds)}`;
  return make("li", { class: kind, data: { deployment: String(deployment.deployment) } }, [
    make("p", {}, [...words, ...from]),
    make("p", { class: "reason", text: reason }),
    makeWhen(deployment, now, lived),
  ]);
}

function makePin(decision: PinDecision, now: number): HTMLElement {
  const words = decision.pinned ? "Pinned: automatic deployment paused" : "Automatic deployment goes on";
  return make("li", { class: decision.pinned ? "pinned" : "let-go" }, [
    make("p", {}, [make("strong", { text: words })]),
    make("p", { class: "reason", text: decision.reason }),
    makeWhen(decision, now),
  ]);
}

function makeTry(decision: ShadowDecision, now: number): HTMLElement {
  const words =
    decision.version === null
      ? [make("strong", { text: "The shadow has ended" })]
      : [make("strong", { text: "Tried as a shadow:" }), " ", make("code", { text: decision.version })];
  return make("li", { class: decision.version === null ? "let-go" : "tried" }, [
    make("p", {}, words),
    make("p", { class: "reason", text: decision.reason }),
    makeWhen(decision, now),
  ]);
}

function makeWhen(
  by: { readonly created_at: string; readonly actor: string },
  now: number,
  more = "",
): HTMLElement {
  const text = [`${sayAgo(by.created_at, now)} by ${by.actor}`, more].filter(Boolean).join(" \u00b7 ");
  return make("p", { class: "detail", text, title: sayMoment(by.created_at) });
}
