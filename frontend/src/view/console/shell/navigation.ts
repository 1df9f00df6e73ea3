/** The ways between the operator's views, and how much waits in each. */
import { make } from "../../element.ts";
import { sayNumber } from "../words.ts";
import type { ViewEntry } from "./view.ts";

/** Larger numbers say no more, and take more room. */
const MOST_SHOWN = 9_999;

export class Navigation {
  private readonly element: HTMLElement;
  private readonly links = new Map<string, HTMLElement>();

  constructor(element: HTMLElement, views: readonly ViewEntry[]) {
    this.element = element;
    for (const { name, title, isInNavigation } of views) {
      if (!isInNavigation) continue;
      const link = make("a", { text: title, attributes: { href: `#${name}` } });
      this.links.set(name, link);
    }
    this.element.replaceChildren(...this.links.values());
  }

  /** Show where one is. */
  follow(current: string): void {
    this.element.hidden = false;
    for (const [name, link] of this.links) {
      if (name === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.links.get(current)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Show how much waits in a view. */
  showCount(name: string, waiting: number): void {
    const link = this.links.get(name);
    const words = waiting > MOST_SHOWN ? `${sayNumber(MOST_SHOWN)}+` : sayNumber(waiting);
    link?.querySelector(".count")?.remove();
    if (waiting === 0) return;
    link?.append(make("span", { class: "count", text: words, title: `${sayNumber(waiting)} waiting` }));
  }

  close(): void {
    this.element.hidden = true;
    for (const count of this.element.querySelectorAll(".count")) count.remove();
  }
}
