/** What a card of the gallery says: picture, label, guess, what has become of it. */
import type { Doodle } from "../../../server/gallery.ts";
import { make } from "../../element.ts";
import { sayPercent } from "../../percent.ts";
import { paintBitmap } from "../bitmap.ts";
import { makeTick } from "../drawing_cards.ts";
import { sayReview } from "../review_cards.ts";
import { sayAgo, sayMoment } from "../words.ts";

/** Write a card, anew where something was decided since. */
export function fillDoodleCard(card: HTMLElement, doodle: Doodle, now: number): void {
  const { status, label, review } = doodle;
  const stands = [status, label, review?.reviewed_at ?? ""].join(" ");
  if (card.dataset["stands"] === stands) return;
  card.dataset["stands"] = stands;
  card.replaceChildren(...makeCard(doodle, now));
}

function makeCard(doodle: Doodle, now: number): Node[] {
  const { bitmap, height, width, label, status, review, created_at: created } = doodle;
  return [
    makeTick(),
    paintBitmap(bitmap, height, width),
    make("div", { class: "says" }, [
      make("p", { class: "said", text: label }),
      makeGuess(doodle),
      ...(status === "accepted" ? [] : [make("p", { class: `status ${status}`, text: status })]),
      ...(review ? [make("p", { class: "decision", text: sayReview(doodle) })] : []),
      make("p", { class: "detail", text: sayAgo(created, now), title: sayMoment(created) }),
    ]),
  ];
}

function makeGuess({ label, guess, confidence }: Doodle): HTMLElement {
  if (guess === null) return make("p", { class: "detail", text: "no guess" });
  const surely = confidence === null ? "" : ` ${sayPercent(confidence)}`;
  if (guess === label) return make("p", { class: "guess right", text: `guessed${surely}` });
  return make("p", { class: "guess wrong", text: `guess: ${guess}${surely}` });
}
