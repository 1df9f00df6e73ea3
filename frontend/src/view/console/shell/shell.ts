/** Shows one view at a time, as the address says; its code is fetched when it is first shown. */
import { make } from "../../element.ts";
import { findView } from "./find_view.ts";
import type { Navigation } from "./navigation.ts";
import type { ConsoleSurroundings, ConsoleView, ViewEntry } from "./view.ts";

interface Shown {
  readonly entry: ViewEntry;
  readonly section: HTMLElement;
  hash: string;
  /** Not there before its code is. */
  view?: ConsoleView;
}

export class Shell {
  private readonly views: readonly [ViewEntry, ...ViewEntry[]];
  private readonly main: HTMLElement;
  private readonly navigation: Navigation;
  private readonly around: ConsoleSurroundings;
  private readonly made = new Map<string, ConsoleView>();
  private shown: Shown | undefined;

  /** @param main where the views stand. */
  constructor(
    views: readonly [ViewEntry, ...ViewEntry[]],
    main: HTMLElement,
    navigation: Navigation,
    around: ConsoleSurroundings,
  ) {
    this.views = views;
    this.main = main;
    this.navigation = navigation;
    this.around = around;
  }

  /** Show what the address asks for. @param hash with its #. */
  follow(hash: string): void {
    const entry = findView(this.views, hash);
    this.navigation.follow(entry.name);
    if (this.shown?.entry === entry) {
      this.shown.hash = hash;
      this.shown.view?.open(hash);
      return;
    }
    this.leave();
    const shown: Shown = { entry, section: this.sectionOf(entry), hash };
    this.shown = shown;
    shown.section.hidden = false;
    document.title = `${entry.title} \u00b7 Operator \u00b7 Doodle Loop`;
    shown.section.querySelector("h1")?.focus();
    void this.enter(shown);
  }

  /** Put everything away, so that nothing is left for who comes next. */
  close(): void {
    this.leave();
    this.navigation.close();
  }

  /** Tell the view that is open what has happened. */
  hear(event: string, data: unknown): void {
    this.shown?.view?.on?.[event]?.(data);
  }

  /** Something may have changed unheard. */
  refresh(): void {
    this.shown?.view?.refresh?.();
  }

  /** Some time has passed. */
  look(): void {
    this.shown?.view?.look?.();
  }

  private async enter(shown: Shown): Promise<void> {
    try {
      shown.view = await this.make(shown);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // what a module that cannot be fetched is
      if (this.shown === shown) this.offerAnew(shown);
      return;
    }
    if (this.shown === shown) shown.view.open(shown.hash);
  }

  private async make({ entry, section }: Shown): Promise<ConsoleView> {
    const known = this.made.get(entry.name);
    if (known) return known;
    const makeView = await entry.load();
    const view = this.made.get(entry.name) ?? makeView(section, this.around);
    this.made.set(entry.name, view);
    return view;
  }

  private leave(): void {
    if (this.shown === undefined) return;
    this.shown.section.hidden = true;
    this.shown.view?.close();
    this.shown = undefined;
  }

  private sectionOf({ name, title }: ViewEntry): HTMLElement {
    const found = document.getElementById(name);
    if (found) return found;
    const id = `${name}-title`;
    const heading = make("h1", { text: title, attributes: { id, tabindex: "-1" } });
    const attributes = { id: name, "aria-labelledby": id };
    const section = make("section", { class: `view ${name}`, attributes }, [heading]);
    this.main.append(section);
    return section;
  }

  /** Its code was not to be had: the server is away, or has a newer page by now. */
  private offerAnew({ section }: Shown): void {
    const again = make("button", {
      class: "quiet",
      text: "Load the page anew",
      attributes: { type: "button" },
    });
    again.addEventListener("click", () => location.reload());
    const words = make("p", { text: "This view could not be loaded." });
    section.querySelector(".not-loaded")?.remove();
    section.append(make("div", { class: "panel not-loaded", attributes: { role: "alert" } }, [words, again]));
  }
}
