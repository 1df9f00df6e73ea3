/** The doodles under review: a card each, with picture, label and reason. */
import type { Reviewable, Screened } from "../../server/reviews.ts";
import { make } from "../element.ts";
import { sayPercent } from "../percent.ts";
import { paintBitmap } from "./bitmap.ts";
import { makeTick } from "./drawing_cards.ts";
import { REASON_NAMES, sayNumbers } from "./review_words.ts";
import { sayAgo, sayMoment } from "./words.ts";

/** Write a card once: what is under review does not change. */
export function fillReviewCard(card: HTMLElement, item: Screened, now: number): void {
  if (card.childElementCount === 0) card.append(...makeCard(item, now));
}

function makeCard(item: Screened, now: number): Node[] {
  const { bitmap, height, width, label, words, numbers, reason } = item;
  return [
    makeTick(),
    paintBitmap(bitmap, height, width),
    make("div", { class: "says" }, [
      make("p", { class: "said" }, [make("span", { class: "detail", text: "said to be " }), label]),
      make("p", { class: `why ${reason}`, text: REASON_NAMES[reason] }),
      make("p", { class: "words", text: words }),
      ...(item.review ? [make("p", { class: "decision", text: sayReview(item) })] : []),
    ]),
    make("div", { class: "numbers" }, [
      make("p", { text: sayNumbers(numbers) }),
      make("p", { text: sayOrigin(item, now), title: sayMoment(item.created_at) }),
    ]),
  ];
}

/** Say what was decided. @returns nothing where nothing was. */
export function sayReview({ review, status }: Pick<Reviewable, "review" | "status">): string {
  if (!review) return "";
  const words = review.action === "relabel" ? `${review.label}, was ${review.label_before}` : status;
  return `${review.operator}: ${words}. ${review.reason}`;
}

function sayOrigin({ guess, confidence, contributor, created_at: created }: Reviewable, now: number): string {
  const guessed =
    guess === null ? [] : [`guess ${guess}${confidence === null ? "" : ` ${sayPercent(confidence)}`}`];
  const by = contributor === null ? [] : [`by ${contributor}`];
  return [...guessed, ...by, sayAgo(created, now)].join(" \u00b7 ");
}
