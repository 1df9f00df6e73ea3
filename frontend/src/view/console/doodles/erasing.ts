/** Erasing a contributor: asks, orders, and shows what was ordered. */
import type { Contributor, Erasure, GalleryClient } from "../../../server/gallery.ts";
import { make } from "../../element.ts";
import { every } from "../../surroundings.ts";
import { showKeyed } from "../keyed_list.ts";
import { ask, order, sayFailure } from "../shell/requests.ts";
import type { ConsoleSurroundings } from "../shell/view.ts";
import { sayMoment } from "../words.ts";
import { sayErasing, sayErasure } from "./doodle_words.ts";

/** How soon an order that is open is looked at again. */
const SOON_SECONDS = 2;

export class Erasing {
  readonly element: HTMLDetailsElement;
  private readonly client: GalleryClient;
  private readonly around: ConsoleSurroundings;
  private readonly list = make("ol", { class: "erasures" });
  private readonly onErased: () => void;
  private numOpen = 0;
  /** What comes in after the view was left is not shown. */
  private visit = 0;
  private stop: (() => void) | undefined;

  /** @param onErased something was ordered, or done: what is shown may be gone. */
  constructor(client: GalleryClient, around: ConsoleSurroundings, onErased: () => void) {
    this.client = client;
    this.around = around;
    this.onErased = onErased;
    this.element = make("details", { class: "panel erasing" }, [
      make("summary", { text: "Erased contributors" }),
      this.list,
    ]);
    this.element.hidden = true;
  }

  /** Fetch what was ordered. */
  async refresh(): Promise<void> {
    const { visit } = this;
    const erasures = await ask(this.around, () => this.client.listErasures());
    if (erasures === undefined || visit !== this.visit) return;
    this.element.hidden = erasures.length === 0;
    showKeyed(
      this.list,
      erasures,
      ({ erasure }) => String(erasure),
      () => make("li"),
      fill,
    );
    const numOpen = erasures.filter(({ state }) => state === "open").length;
    if (numOpen < this.numOpen) this.onErased();
    this.numOpen = numOpen;
    this.stop?.();
    // It takes moments, but for what must be waited for.
    this.stop = numOpen > 0 ? every(SOON_SECONDS, () => void this.refresh()) : undefined;
  }

  /** Ask whether a contributor is to be erased. @param name as a page shows it. */
  async ask(name: string): Promise<void> {
    try {
      const found = await this.client.findContributors(name);
      const [who] = found;
      if (who === undefined) return;
      if (found.length > 1) return this.around.notify(sayShared(name, found));
      this.around.reason.ask(
        { title: "Erase this contributor?", words: sayErasing(who), action: "Erase for good", confirm: name },
        (reason) => void this.order(who, reason),
      );
    } catch (error) {
      const words = sayFailure(error, this.around.onSignedOut);
      if (words !== undefined) this.around.notify(words);
    }
  }

  close(): void {
    this.visit += 1;
    this.stop?.();
    this.list.replaceChildren();
    this.element.hidden = true;
  }

  private async order({ contributor, num_doodles: num }: Contributor, reason: string): Promise<void> {
    await order(this.around, "They are being erased.", () => this.client.erase(contributor, num, reason));
    this.element.open = true;
    await this.refresh();
    this.onErased();
  }
}

function fill(item: HTMLElement, erasure: Erasure): void {
  const { operator, reason, created_at: created } = erasure;
  item.replaceChildren(
    make("p", { text: sayErasure(erasure) }),
    make("p", { class: "detail", text: `${sayMoment(created)}, ${operator}: ${reason}` }),
  );
}

function sayShared(name: string, found: readonly Contributor[]): string {
  return `${found.length} contributors are called ${name}. Erase one of them with: doodle erase ${found[0]?.contributor.slice(0, 16)}`;
}
