/** The result of a round: every drawing, and a closer look at one of them. Loaded when the first drawing is done. */
import "../../styles/round.css";
import { keepPainted } from "../../../messages/page_words.ts";
import type { OthersDrawings } from "../../../server/others_drawings.ts";
import { make } from "../../element.ts";
import type { Drawn } from "../game.ts";
import { judge } from "../score.ts";
import { makeCard } from "./card.ts";
import { makeCloserLook } from "./closer_look.ts";
import { Others } from "./others.ts";

/**
 * Show a round.
 *
 * @param body what is in it goes.
 * @param drawn at least one drawing; that which the model did not recognise is looked at first.
 */
export function showRound(body: HTMLElement, drawn: readonly Drawn[], othersDrawings: OthersDrawings): void {
  const others = new Others(othersDrawings);
  let looked = drawn.find((each) => judge(each).kind === "missed") ?? drawn[0];
  keepPainted(body, () => {
    const closer = make("div", { class: "closer" });
    const cards = drawn.map((each) =>
      makeCard(each, () => {
        look(each);
        // On a phone it may be below the screen.
        closer.scrollIntoView({ block: "nearest" });
      }),
    );
    const look = (chosen: Drawn | undefined) => {
      if (!chosen) return;
      looked = chosen;
      cards.forEach((card, place) => {
        card.setAttribute("aria-pressed", String(drawn[place] === chosen));
      });
      closer.replaceChildren(...makeCloserLook(chosen), others.make(chosen.label, chosen.sketch));
    };
    body.replaceChildren(
      make(
        "ul",
        { class: "cards" },
        cards.map((card) => make("li", {}, [card])),
      ),
      closer,
    );
    look(looked);
  });
}
