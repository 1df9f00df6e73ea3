/** Drawings to go through: a card each, one of them the current one, any number selected. */
import { make } from "../element.ts";
import { showKeyed } from "./keyed_list.ts";
import { currentOf, type Queue, type Queued } from "./review_queue.ts";

/** How a card was touched: go there, go there and select, or select everything on the way. */
export type Touch = "go" | "toggle" | "extend";

export type FillCard<Item> = (card: HTMLElement, item: Item, now: number) => void;

export class DrawingCards<Item extends Queued> {
  private readonly list: HTMLElement;
  private readonly fill: FillCard<Item>;

  /**
   * @param list with role=listbox; its cards are options, of which one can have the focus.
   * @param fill writes what a card says; it may be full already.
   */
  constructor(list: HTMLElement, fill: FillCard<Item>, onTouch: (id: string, touch: Touch) => void) {
    this.list = list;
    this.fill = fill;
    list.addEventListener("click", (event) => {
      const card =
        event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
      if (card?.dataset["key"]) onTouch(card.dataset["key"], readTouch(event));
    });
  }

  /** Show the queue. @param now in milliseconds since 1970. */
  show(queue: Queue<Item>, now: number): void {
    const hadFocus = this.list.contains(document.activeElement);
    showKeyed(
      this.list,
      queue.items,
      ({ id }) => id,
      () => make("div", { class: "drawing", attributes: { role: "option" } }),
      (card, item) => {
        this.fill(card, item, now);
        markCard(card, item, queue);
      },
    );
    if (hadFocus) this.focus(queue);
  }

  /** Give the current card the focus, and bring it into view. */
  focus(queue: Queue<Item>): void {
    const card = this.find(currentOf(queue));
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  }

  /** How many cards stand beside each other. */
  numColumns(): number {
    const [first, ...others] = Array.from(this.list.children) as HTMLElement[];
    return 1 + others.findIndex((card) => card.offsetTop !== first?.offsetTop) || others.length + 1;
  }

  private find(item: Item | undefined): HTMLElement | undefined {
    const cards = Array.from(this.list.children) as HTMLElement[];
    return cards.find((card) => card.dataset["key"] === item?.id);
  }
}

function readTouch(event: MouseEvent): Touch {
  if (event.shiftKey) return "extend";
  const onMark = event.target instanceof Element && event.target.closest(".tick") !== null;
  return onMark || event.ctrlKey || event.metaKey ? "toggle" : "go";
}

function markCard<Item extends Queued>(card: HTMLElement, item: Item, queue: Queue<Item>): void {
  // What stays as it is, is not touched: there may be thousands.
  const isCurrent = item.id === queue.current;
  if (card.tabIndex !== (isCurrent ? 0 : -1)) card.tabIndex = isCurrent ? 0 : -1;
  card.classList.toggle("current", isCurrent);
  const isSelected = String(queue.selected.has(item.id));
  if (card.getAttribute("aria-selected") !== isSelected) card.setAttribute("aria-selected", isSelected);
}

/** As large as a finger: what selects a card. */
export function makeTick(): HTMLElement {
  return make("span", { class: "tick", title: "Select", attributes: { "aria-hidden": "true" } });
}
