/** How the live model really does: accuracy over time, by version and label, confusion, calibration, volumes. */
import { RefusedError } from "../../../server/http.ts";
import { type Production, ProductionClient, type Share } from "../../../server/production.ts";
import { make } from "../../element.ts";
import { ask } from "../shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "../shell/view.ts";
import { sayAmount, sayNumber, sayShare } from "../words.ts";
import { type Choice, choiceAddress, findChoice, toQuery } from "./production_address.ts";
import { ProductionFigures } from "./production_figures.ts";
import { ProductionFilters } from "./production_filters.ts";
import { sayInterval, sayOf } from "./production_words.ts";

export function makeProductionView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new ProductionView(section, around);
}

const LEAD =
  "A guess is right if it is the drawing\u2019s label as it stands now: corrected by who drew it, or decided by an operator. " +
  "What was rejected is left out; what is in quarantine counts, because leaving out what the model disagrees with would flatter it.";

class ProductionView implements ConsoleView {
  readonly on = { deployment: () => this.refresh() };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly client: ProductionClient;
  private readonly filters: ProductionFilters;
  private readonly tiles = make("dl", { class: "production-tiles" });
  private readonly note = make("p", { class: "detail production-note" });
  private readonly trouble = make("p", { class: "error production-trouble", attributes: { role: "alert" } });
  private figures = new ProductionFigures();
  private choice: Choice | undefined;
  /** Counts questions, so that an answer to an older one is not shown. */
  private number = 0;

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.client = new ProductionClient(around.request);
    this.filters = new ProductionFilters((choice) => around.goTo(choiceAddress(choice)));
    this.trouble.hidden = true;
    section.append(
      make("p", { class: "detail lead", text: LEAD }),
      this.filters.element,
      this.trouble,
      this.tiles,
      this.note,
      make("h2", { class: "unseen", text: "Figures" }),
      this.figures.element,
    );
  }

  open(hash: string): void {
    this.choice = findChoice(hash);
    this.filters.showChoice(this.choice, this.around.now());
    this.section.dataset["state"] = "loading";
    this.refresh();
  }

  close(): void {
    this.choice = undefined;
    this.number += 1;
    this.tiles.replaceChildren();
    this.note.textContent = "";
    this.trouble.hidden = true;
    this.filters.showVersions(undefined);
    const fresh = new ProductionFigures();
    this.figures.element.replaceWith(fresh.element);
    this.figures = fresh;
    delete this.section.dataset["state"];
  }

  refresh(): void {
    void this.learn();
  }

  look(): void {
    this.refresh();
  }

  private async learn(): Promise<void> {
    if (this.choice === undefined) return;
    const number = ++this.number;
    const found = await this.read(this.choice);
    if (found === undefined || number !== this.number || this.section.hidden) return;
    this.show(found);
  }

  private read(choice: Choice): Promise<Production | undefined> {
    return ask(this.around, async () => {
      try {
        const found = await this.client.read(toQuery(choice, this.around.now()));
        this.trouble.hidden = true;
        return found;
      } catch (error) {
        if (error instanceof RefusedError && this.choice === choice) this.complain(error);
        throw error;
      }
    });
  }

  private complain(error: RefusedError): void {
    this.trouble.textContent = error.message;
    this.trouble.hidden = false;
  }

  private show(found: Production): void {
    this.filters.showVersions(found);
    this.tiles.replaceChildren(...makeTiles(found));
    this.note.textContent = sayNote(found);
    this.figures.show(found, this.around.now());
    this.section.dataset["state"] = "shown";
  }
}

function makeTiles({ total, calibration }: Production): HTMLElement[] {
  const { error } = calibration;
  return [
    makeTile("Drawings", sayNumber(total.num_doodles), `${sayNumber(total.accuracy?.of ?? 0)} with a guess`),
    makeShareTile("Accuracy", total.accuracy),
    makeShareTile("Accuracy where shown", total.accuracy_known),
    makeShareTile("\u201cI don\u2019t know\u201d", total.unknown),
    makeTile(
      "Calibration error",
      error === null ? "\u2013" : sayShare(error),
      "mean gap between confidence and accuracy",
    ),
  ];
}

function makeShareTile(name: string, share: Share | null): HTMLElement {
  if (share === null) return makeTile(name, "\u2013", "no guess yet");
  return makeTile(name, sayShare(share.value), `${sayInterval(share)}\u00a0%, ${sayOf(share)}`);
}

function makeTile(name: string, value: string, detail: string): HTMLElement {
  return make("div", { class: "panel production-tile" }, [
    make("dt", { text: name }),
    make("dd", { class: "production-value", text: value }),
    make("dd", { class: "detail", text: detail }),
  ]);
}

function sayNote({ statuses, total }: Production): string {
  if (total.num_doodles === 0 && statuses.rejected === 0) return "";
  const { quarantined, rejected } = statuses;
  const within =
    "Under a share stands where the true one lies with 95\u00a0% confidence (Wilson\u2019s interval).";
  return `${sayAmount(quarantined, "drawing")} of these in quarantine; ${sayAmount(rejected, "more drawing")} rejected and left out. ${within}`;
}
