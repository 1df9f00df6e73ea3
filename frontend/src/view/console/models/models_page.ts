/** The parts of the models' page, made once, and the small controls between them. */
import { make } from "../../element.ts";
import { sayAmount } from "../words.ts";
import type { Order } from "./rank.ts";
import { ShadowPart } from "./shadow_part.ts";

export interface PageActions {
  readonly onOrder: (by: string) => void;
  readonly onCompare: () => void;
  /** The comparison is put away. */
  readonly onClose: () => void;
  /** The whole story is wanted. */
  readonly onWhole: () => void;
  readonly onEmpty: () => void;
  /** Older versions are wanted, too. */
  readonly onMore: () => void;
  readonly onEndShadow: () => void;
  /** The comparison is wanted as a file. */
  readonly onSave: () => void;
}

export class ModelsPage {
  readonly standing = make("div", { class: "body standing" });
  readonly table = make("table", { class: "body" });
  readonly comparison = make("div", { class: "comparisons", attributes: { "aria-live": "polite" } });
  readonly lineage = make("ol", { class: "body lineage" });
  readonly story = make("ol", { class: "body timeline" });
  private readonly section: HTMLElement;
  private readonly orders = make("select", { attributes: { id: "models-order" } });
  private readonly marked = make("p", { class: "detail marked" });
  private readonly moreButton: HTMLButtonElement;
  private readonly compareButton: HTMLButtonElement;
  private readonly wholeButton: HTMLButtonElement;
  private readonly emptyButton: HTMLButtonElement;
  private readonly saveButton: HTMLButtonElement;
  private readonly compared: HTMLElement;

  readonly shadow: ShadowPart;

  constructor(section: HTMLElement, actions: PageActions) {
    this.section = section;
    this.shadow = new ShadowPart(actions.onEndShadow);
    this.compareButton = makeButton("Compare", "compare", actions.onCompare);
    this.wholeButton = makeButton("", "whole", actions.onWhole);
    this.moreButton = makeButton("Show older versions", "more", actions.onMore);
    this.emptyButton = makeButton("Delete all that nothing needs \u2026", "empty", actions.onEmpty);
    this.saveButton = makeButton("CSV", "save-comparison", actions.onSave);
    this.saveButton.setAttribute("aria-label", "Save the comparison as CSV");
    this.orders.addEventListener("change", () => actions.onOrder(this.orders.value));
    this.compared = makePart("Side by side", "models-compared", [
      this.comparison,
      make("div", { class: "buttons" }, [
        this.saveButton,
        makeButton("Close", "close-comparison", actions.onClose),
      ]),
    ]);
    this.compared.hidden = true;
    section.append(
      makePart("Live", "models-live", [this.standing]),
      makePart("Shadow", "models-shadow", [this.shadow.body]),
      this.compared,
      makePart("Versions", "models-versions", [
        this.makeTools(),
        make("div", { class: "scroll" }, [this.table]),
        make("div", { class: "buttons" }, [this.moreButton, this.emptyButton]),
      ]),
      makePart("Lineage", "models-lineage", [this.lineage]),
      makePart("What was live when", "models-story", [this.story, this.wholeButton]),
    );
    this.clear();
  }

  /** Whether somebody has opened something there, or is at one of its controls. */
  get isInUse(): boolean {
    const focused = document.activeElement;
    const isAtControl = this.section.contains(focused) && focused?.tagName !== "H1";
    return isAtControl || this.section.querySelector("details[open]") !== null;
  }

  /** Change the page; what had the focus has it again, and what was open is open again. */
  keepFocus(change: () => void): void {
    const focused = this.section.contains(document.activeElement) ? document.activeElement?.id : undefined;
    const open = [...this.section.querySelectorAll("tr:has(details[open])")].map(
      (row) => (row as HTMLElement).dataset["version"],
    );
    change();
    for (const version of open)
      this.section.querySelector(`tr[data-version="${version}"] details`)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus();
  }

  clear(): void {
    this.shadow.clear();
    for (const part of [this.standing, this.table, this.lineage, this.story, this.comparison]) {
      part.replaceChildren();
      delete part.dataset["empty"];
    }
    this.showMarked([]);
    this.showRest(0);
    this.showMore(false);
    this.showEmptying(0);
    this.orders.replaceChildren();
  }

  /** Whether there is a comparison to save. */
  showSaving(canSave: boolean): void {
    this.saveButton.hidden = !canSave;
  }

  showComparing(compared: readonly [string, string] | undefined): void {
    this.compared.hidden = compared === undefined;
    if (compared) this.compared.scrollIntoView({ block: "nearest" });
  }

  showOrders(orders: readonly { by: string; title: string }[], now: Order): void {
    const options = orders.map(({ by, title }) => make("option", { text: title, attributes: { value: by } }));
    this.orders.replaceChildren(...options);
    this.orders.value = now.by;
  }

  /** Offer older versions, where there are any. */
  showMore(hasMore: boolean): void {
    this.moreButton.hidden = !hasMore;
  }

  showMarked(marked: readonly string[]): void {
    this.compareButton.disabled = marked.length !== 2;
    this.marked.textContent =
      marked.length === 0 ? "Tick two versions to compare them." : `${marked.join(" and ")} ticked`;
  }

  showRest(num: number): void {
    this.wholeButton.hidden = num === 0;
    this.wholeButton.textContent = `Show ${sayAmount(num, "earlier change")}`;
  }

  showEmptying(num: number): void {
    this.emptyButton.hidden = num === 0;
  }

  private makeTools(): HTMLElement {
    const sort = make("label", { class: "order", attributes: { for: "models-order" } }, [
      "Sort by ",
      this.orders,
    ]);
    return make("div", { class: "tools" }, [this.marked, this.compareButton, sort]);
  }
}

function makePart(title: string, id: string, content: readonly Node[]): HTMLElement {
  const heading = make("h2", { text: title, attributes: { id } });
  return make("section", { class: "panel part", attributes: { "aria-labelledby": id } }, [
    heading,
    ...content,
  ]);
}

function makeButton(text: string, action: string, act: () => void): HTMLButtonElement {
  const button = make("button", { class: "quiet", text, data: { action }, attributes: { type: "button" } });
  button.id = `models-${action}`;
  button.addEventListener("click", act);
  return button;
}
