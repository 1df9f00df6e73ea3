/** The ways between the operator's views, and how much waits in each. */
import { make } from "../../element.ts";
import { sayNumber } from "../words.ts";
import { NavigationMenu } from "./navigation_menu.ts";
import type { ViewEntry } from "./view.ts";

/** Larger numbers say no more, and take more room. */
const MOST_SHOWN = 9_999;

export class Navigation {
  private readonly element: HTMLElement;
  private readonly menu: NavigationMenu;
  private readonly titles: ReadonlyMap<string, string>;
  private readonly links = new Map<string, HTMLElement>();
  private readonly counts = new Map<string, number>();
  private current = "";

  /** @param button shows the links where there is no room for them. */
  constructor(element: HTMLElement, button: HTMLButtonElement, views: readonly ViewEntry[]) {
    this.element = element;
    this.titles = new Map(views.map(({ name, title }) => [name, title]));
    for (const { name, title, isInNavigation } of views) {
      if (!isInNavigation) continue;
      const link = make("a", { text: title, attributes: { href: `#${name}` } });
      this.links.set(name, link);
    }
    this.element.replaceChildren(...this.links.values());
    this.menu = new NavigationMenu(button, element);
  }

  /** Show where one is. */
  follow(current: string): void {
    this.element.hidden = false;
    this.current = current;
    for (const [name, link] of this.links) {
      if (name === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.showMenu();
  }

  /** Show how much waits in a view. */
  showCount(name: string, waiting: number): void {
    const link = this.links.get(name);
    this.counts.set(name, waiting);
    link?.querySelector(".count")?.remove();
    if (!this.element.hidden) this.showMenu();
    if (waiting === 0) return;
    const words = `${sayNumber(waiting)} waiting`;
    link?.append(" ", make("span", { class: "count", text: sayCount(waiting), title: words }));
  }

  close(): void {
    this.element.hidden = true;
    this.counts.clear();
    this.menu.close();
    for (const count of this.element.querySelectorAll(".count")) count.remove();
  }

  private showMenu(): void {
    const all = [...this.counts.values()].reduce((sum, each) => sum + each, 0);
    this.menu.show(this.titles.get(this.current) ?? "", sayCount(all));
  }
}

/** Write how much waits; nothing where nothing does. */
export function sayCount(waiting: number): string {
  if (waiting === 0) return "";
  return waiting > MOST_SHOWN ? `${sayNumber(MOST_SHOWN)}+` : sayNumber(waiting);
}
