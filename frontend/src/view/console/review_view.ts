/** The reviewer's page: shows what was screened out, and does what the reviewer says. */
import type { LabelWords } from "../../server/operator.ts";
import type { ReviewPage, Screened } from "../../server/reviews.ts";
import { getElement, getWithin } from "../element.ts";
import { DrawingCards, type Touch } from "./drawing_cards.ts";
import { listenToCommands, takeStep, takeTouch } from "./drawing_steps.ts";
import { findReviewFilter, reviewAddress } from "./review_address.ts";
import { showBar } from "./review_bar.ts";
import { fillReviewCard } from "./review_cards.ts";
import type { Choice, Command } from "./review_commands.ts";
import { showFilters } from "./review_filters.ts";
import { ReviewWork } from "./review_work.ts";
import { sayFailure } from "./shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "./shell/view.ts";

export function makeReviewView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new ReviewView(section, around);
}

class ReviewView implements ConsoleView {
  readonly on = { reviews: (data: unknown) => this.hear(data as ReviewPage) };
  private readonly around: ConsoleSurroundings;
  private readonly section: HTMLElement;
  private readonly list = this.part(".drawings");
  private readonly newer = this.part(".newer");
  private readonly empty = this.part(".empty");
  private readonly trouble = this.part(".trouble");
  private readonly said = this.part(".said-last");
  private readonly cards: DrawingCards<Screened>;
  private readonly work: ReviewWork;
  private labels: readonly LabelWords[] = [];

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.work = new ReviewWork({
      client: around.client,
      onChange: () => this.show(),
      onTrouble: (error) => this.explain(error),
      onDone: (words) => this.tell(words),
    });
    this.cards = new DrawingCards<Screened>(this.list, fillReviewCard, (id, touch) => this.touch(id, touch));
    listenToCommands(this.section, (command) => this.carryOut(command));
    getWithin(this.trouble, "button", HTMLElement).addEventListener("click", () => this.tryAgain());
    this.newer.addEventListener("click", () => void this.begin(location.hash));
    new IntersectionObserver((entries) => {
      if (!this.work.hasFailed && entries.some(({ isIntersecting }) => isIntersecting)) void this.work.load();
    }).observe(this.part(".end"));
  }

  open(hash: string): void {
    void this.begin(hash);
    this.around.onReviewed();
  }

  close(): void {
    this.work.forget();
    this.clear();
  }

  /** Look whether there is something new. @param page the newest that wait, of any length. */
  private hear(page: ReviewPage): void {
    const isNewer = this.work.isNewer(page);
    if (isNewer && this.work.queue.items.length === 0) void this.begin(location.hash);
    else this.newer.hidden = !isNewer;
  }

  private part(selector: string): HTMLElement {
    return getWithin(getElement("review", HTMLElement), selector, HTMLElement);
  }

  private async begin(hash: string): Promise<void> {
    this.clear();
    const filter = findReviewFilter(hash);
    if (filter) void this.learnLabels();
    await this.work.begin(filter);
  }

  private clear(): void {
    this.newer.hidden = this.trouble.hidden = this.empty.hidden = true;
    this.said.textContent = "";
    this.list.replaceChildren();
  }

  private async learnLabels(): Promise<void> {
    try {
      this.labels = await this.around.client.listLabels();
      this.show();
    } catch (error) {
      this.explain(error);
    }
  }

  private tryAgain(): void {
    this.trouble.hidden = true;
    if (this.work.hasFailed) void this.work.load();
  }

  private show(): void {
    const { filter, queue, counts, isLoading, hasFailed, canTakeBack } = this.work;
    if (filter === undefined) return;
    showFilters(this.part(".filters"), filter, counts, this.labels, (label) =>
      this.around.goTo(reviewAddress({ ...filter, label })),
    );
    this.cards.show(queue, this.around.now());
    const now = {
      queue,
      total: this.work.total,
      prefix: "review",
      isDecided: filter.state === "reviewed",
      labels: this.labels,
      canTakeBack,
    };
    showBar(this.part(".actions"), now, (command) => this.carryOut(command));
    this.list.setAttribute("aria-busy", String(isLoading));
    this.part(".actions").hidden = queue.items.length === 0 && !canTakeBack;
    this.empty.hidden = queue.items.length > 0 || isLoading || hasFailed;
    const isNarrow = filter.reason !== undefined || filter.label !== undefined;
    this.empty.dataset["part"] = isNarrow ? "narrow" : filter.state;
  }

  private touch(id: string, touch: Touch): void {
    this.work.queue = takeTouch(this.work.queue, id, touch);
    this.show();
    this.cards.focus(this.work.queue);
  }

  private carryOut(command: Command): void {
    const { work } = this;
    if (command.name === "look") return;
    if (command.name === "decide") return void this.decide(command.choice);
    if (command.name === "take_back") return void this.takeBack();
    if (command.name === "relabel") {
      const label = this.labels[command.place]?.name;
      return label === undefined ? undefined : void this.decide({ action: "relabel", label });
    }
    work.queue = takeStep(work.queue, command, this.cards.numColumns());
    this.show();
    if (command.name === "go") this.cards.focus(work.queue);
    work.loadAhead();
  }

  /** Where nothing was decided there is nothing to undo; what was decided can only be undone. */
  private decide(choice: Choice): Promise<void> | undefined {
    if ((choice.action === "undo") !== (this.work.filter?.state === "reviewed")) return undefined;
    return this.work.decide(choice);
  }

  private async takeBack(): Promise<void> {
    await this.work.takeBack();
    this.cards.focus(this.work.queue);
  }

  private tell(words: string): void {
    this.said.textContent = words;
    this.trouble.hidden = true;
    this.around.onReviewed();
  }

  private explain(error: unknown): void {
    const words = sayFailure(error, this.around.onSignedOut);
    if (words === undefined) return;
    getWithin(this.trouble, "p", HTMLElement).textContent = words;
    getWithin(this.trouble, "button", HTMLElement).hidden = !this.work.hasFailed;
    this.said.textContent = "";
    this.trouble.hidden = false;
  }
}
