import { sayName } from "../../../messages/index.ts";
import { make } from "../../element.ts";
import type { Drawn } from "../game.ts";
import { judge } from "../score.ts";
import { paintAsDrawn } from "./pictures.ts";
import { sayVerdict } from "./verdict_words.ts";

/** Canvas pixels of a card's picture: enough for a screen of twice as many. */
const SIDE = 320;
const BOLDNESS = 1.8;

/** Make the button that shows a drawing small, and what came of it. */
export function makeCard(drawn: Drawn, onChoice: () => void): HTMLButtonElement {
  const verdict = judge(drawn);
  const card = make(
    "button",
    { class: "card", data: { kind: verdict.kind }, attributes: { type: "button" } },
    [
      paintAsDrawn(drawn.drawing, SIDE, BOLDNESS),
      make("span", { class: "name" }, [
        make("span", { class: "emoji", text: drawn.label.emoji, attributes: { "aria-hidden": "true" } }),
        ` ${sayName(drawn.label)}`,
      ]),
      make("span", { class: "verdict", text: sayVerdict(verdict) }),
    ],
  );
  card.addEventListener("click", onChoice);
  return card;
}
