/** What is live, what a rollback would bring back, and whether what is live is pinned. */
import type { History, Pin } from "../../../server/models.ts";
import { make } from "../../element.ts";
import { sayAgo } from "../words.ts";

export interface StandingActions {
  readonly onRollBack: (target: string) => void;
  readonly onPin: (pinned: boolean) => void;
}

/** Show how things stand. @param now in milliseconds since 1970. */
export function showStanding(
  body: HTMLElement,
  { deployments, previous }: History,
  pin: Pin,
  now: number,
  { onRollBack, onPin }: StandingActions,
): void {
  const latest = deployments[0];
  const live = latest
    ? [
        make("p", { class: "figure" }, [
          make("code", { text: latest.version }),
          make("span", { class: "badge", text: "live" }),
        ]),
        make("p", {
          class: "detail",
          text: `since ${sayAgo(latest.created_at, now)}, by ${latest.actor}: ${latest.reason}`,
        }),
      ]
    : [make("p", { class: "detail", text: "No model is live yet." })];
  const back = makeButton("Roll back \u2026", "roll-back", () => previous && onRollBack(previous));
  back.disabled = previous === null;
  back.title = previous === null ? "Nothing was live before" : `To ${previous}`;
  const turn = makeButton(pin.pinned ? "Let runs deploy again \u2026" : "Pin \u2026", "pin", () =>
    onPin(!pin.pinned),
  );
  body.replaceChildren(
    make("div", {}, [...live, ...sayPinned(pin, now)]),
    make("div", { class: "buttons" }, [back, turn]),
  );
}

function sayPinned({ pinned, decisions }: Pin, now: number): HTMLElement[] {
  const latest = decisions[0];
  if (!pinned || !latest) {
    return [make("p", { class: "detail", text: "A candidate that passes the gate goes live by itself." })];
  }
  return [
    make("p", { class: "pinned-note" }, [
      make("strong", { text: "Pinned" }),
      ` ${sayAgo(latest.created_at, now)} by ${latest.actor}: ${latest.reason}`,
    ]),
    make("p", {
      class: "detail",
      text: "A candidate that passes the gate is kept, and waits for you to deploy it.",
    }),
  ];
}

function makeButton(text: string, action: string, act: () => void): HTMLButtonElement {
  const button = make("button", { class: "quiet", text, data: { action }, attributes: { type: "button" } });
  button.id = `models-${action}`;
  button.addEventListener("click", act);
  return button;
}
