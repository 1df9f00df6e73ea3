/** The doodles under review: a card each, with picture, label and reason. */
import type { Screened } from "../../server/reviews.ts";
import { make } from "../element.ts";
import { sayPercent } from "../percent.ts";
import { paintBitmap } from "./bitmap.ts";
import { showKeyed } from "./keyed_list.ts";
import { currentOf, type Queue } from "./review_queue.ts";
import { REASON_NAMES, sayNumbers } from "./review_words.ts";
import { sayAgo, sayMoment } from "./words.ts";

/** How a card was touched: go there, go there and select, or select everything on the way. */
export type Touch = "go" | "toggle" | "extend";

export class ReviewCards {
  private readonly list: HTMLElement;

  /** @param list with role=listbox; its cards are options, of which one can have the focus. */
  constructor(list: HTMLElement, onTouch: (id: string, touch: Touch) => void) {
    this.list = list;
    list.addEventListener("click", (event) => {
      const card =
        event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
      if (card?.dataset["key"]) onTouch(card.dataset["key"], readTouch(event));
    });
  }

  /** Show the queue. @param now in milliseconds since 1970. */
  show(queue: Queue, now: number): void {
    const hadFocus = this.list.contains(document.activeElement);
    showKeyed(
      this.list,
      queue.items,
      ({ id }) => id,
      () => make("div", { class: "drawing", attributes: { role: "option" } }),
      (card, item) => fillCard(card, item, queue, now),
    );
    if (hadFocus) this.focus(queue);
  }

  /** Give the current card the focus, and bring it into view. */
  focus(queue: Queue): void {
    const card = this.find(currentOf(queue));
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  }

  /** How many cards stand beside each other. */
  numColumns(): number {
    const [first, ...others] = Array.from(this.list.children) as HTMLElement[];
    return 1 + others.findIndex((card) => card.offsetTop !== first?.offsetTop) || others.length + 1;
  }

  private find(item: Screened | undefined): HTMLElement | undefined {
    const cards = Array.from(this.list.children) as HTMLElement[];
    return cards.find((card) => card.dataset["key"] === item?.id);
  }
}

function readTouch(event: MouseEvent): Touch {
  if (event.shiftKey) return "extend";
  const onMark = event.target instanceof Element && event.target.closest(".tick") !== null;
  return onMark || event.ctrlKey || event.metaKey ? "toggle" : "go";
}

function fillCard(card: HTMLElement, item: Screened, queue: Queue, now: number): void {
  if (card.childElementCount === 0) card.append(...makeCard(item, now));
  // What stays as it is, is not touched: there may be thousands.
  const isCurrent = item.id === queue.current;
  if (card.tabIndex !== (isCurrent ? 0 : -1)) card.tabIndex = isCurrent ? 0 : -1;
  card.classList.toggle("current", isCurrent);
  const isSelected = String(queue.selected.has(item.id));
  if (card.ariaSelected !== isSelected) card.ariaSelected = isSelected;
}

function makeCard(item: Screened, now: number): Node[] {
  const { bitmap, height, width, label, words, numbers, reason } = item;
  return [
    make("span", { class: "tick", title: "Select", attributes: { "aria-hidden": "true" } }),
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

function sayReview({ review, status }: Screened): string {
  if (!review) return "";
  const words = review.action === "relabel" ? `${review.label}, was ${review.label_before}` : status;
  return `${review.operator}: ${words}. ${review.reason}`;
}

function sayOrigin({ guess, confidence, contributor, created_at: created }: Screened, now: number): string {
  const guessed =
    guess === null ? [] : [`guess ${guess}${confidence === null ? "" : ` ${sayPercent(confidence)}`}`];
  const by = contributor === null ? [] : [`by ${contributor}`];
  return [...guessed, ...by, sayAgo(created, now)].join(" \u00b7 ");
}
