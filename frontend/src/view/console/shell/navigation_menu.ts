/** On a small screen the ways between the views are behind a button, which says where one is. */
import { getWithin, make } from "../../element.ts";

/** How far a key leads among the links. */
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Source of the manners: ARIA Authoring Practices, disclosure navigation. */
export class NavigationMenu {
  private readonly button: HTMLButtonElement;
  private readonly links: HTMLElement;

  /** @param links what the button shows and hides; where there is room the style sheet shows it always. */
  constructor(button: HTMLButtonElement, links: HTMLElement) {
    this.button = button;
    this.links = links;
    button.addEventListener("click", () => this.turn(!this.isOpen));
    for (const element of [button, links]) {
      element.addEventListener("keydown", (event) => this.press(event));
      element.addEventListener("focusout", (event) => this.leave(event.relatedTarget));
    }
    links.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("a")) this.choose();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Node && !this.holds(target)) this.turn(false);
    });
  }

  /** Show where one is, and how much waits anywhere. */
  show(title: string, numWaiting: string): void {
    getWithin(this.button, ".where", HTMLElement).textContent = title;
    this.button.querySelector(".count")?.remove();
    if (numWaiting !== "")
      this.button.append(make("span", { class: "count", text: numWaiting, title: "waiting" }));
    this.button.hidden = false;
  }

  close(): void {
    this.turn(false);
    this.button.hidden = true;
  }

  private get isOpen(): boolean {
    return this.links.classList.contains("open");
  }

  private turn(isOpen: boolean): void {
    this.links.classList.toggle("open", isOpen);
    this.button.setAttribute("aria-expanded", String(isOpen));
  }

  private holds(target: EventTarget | null): boolean {
    return target instanceof Node && (this.button.contains(target) || this.links.contains(target));
  }

  /** The view that was chosen takes the focus itself; where it is open already, nobody does. */
  private choose(): void {
    if (this.isOpen) this.button.focus();
    this.turn(false);
  }

  /** What the keyboard goes away from is in nobody's way. */
  private leave(to: EventTarget | null): void {
    if (to !== null && !this.holds(to)) this.turn(false);
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.isOpen) {
      this.turn(false);
      return this.button.focus();
    }
    const step = STEPS[event.key];
    if (step === undefined || !this.isOpen) return;
    event.preventDefault();
    const links = [...this.links.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    links[findNext(at, step, links.length)]?.focus();
  }
}

/** Where a step leads in a ring. @param at -1: at none of them yet. */
export function findNext(at: number, step: number, count: number): number {
  if (at < 0) return step > 0 ? 0 : count - 1;
  return (at + step + count) % count;
}
