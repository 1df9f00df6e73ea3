/** The ways between the operator's views, and how much waits for a review. */
import { getWithin } from "../element.ts";
import { findReviewFilter } from "./review_address.ts";
import { sayNumber } from "./words.ts";

/** Larger numbers say no more, and take more room. */
const MOST_SHOWN = 9_999;

export class Navigation {
  private readonly element: HTMLElement;
  private readonly count: HTMLElement;

  constructor(element: HTMLElement) {
    this.element = element;
    this.count = getWithin(element, ".count", HTMLElement);
  }

  /** Show where one is. @param hash the address's, with its #. */
  follow(hash: string): void {
    this.element.hidden = false;
    const isReview = findReviewFilter(hash) !== undefined;
    this.mark("a[href='#review']", isReview);
    this.mark("a[href='#desk']", !isReview && !hash.startsWith("#report="));
  }

  /** Show how many drawings wait for a review. */
  showCount(waiting: number): void {
    const words = waiting > MOST_SHOWN ? `${sayNumber(MOST_SHOWN)}+` : sayNumber(waiting);
    if (this.count.textContent !== words) this.count.textContent = words;
    this.count.hidden = waiting === 0;
    this.count.title = `${sayNumber(waiting)} waiting`;
  }

  close(): void {
    this.element.hidden = true;
    this.count.hidden = true;
  }

  private mark(selector: string, isCurrent: boolean): void {
    const link = getWithin(this.element, selector, HTMLElement);
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
