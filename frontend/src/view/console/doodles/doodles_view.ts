/** The gallery: every doodle, filtered; looked at closer, decided about, taken as a file, or erased with all of its contributor's. */
import {
  type Doodle,
  EXPORT_FORMATS,
  exportPath,
  GalleryClient,
  type GalleryFilter,
} from "../../../server/gallery.ts";
import { ModelsClient } from "../../../server/models.ts";
import type { LabelWords } from "../../../server/operator.ts";
import { make } from "../../element.ts";
import { DrawingCards, type Touch } from "../drawing_cards.ts";
import { listenToCommands, takeStep, takeTouch } from "../drawing_steps.ts";
import { showBar } from "../review_bar.ts";
import type { Command } from "../review_commands.ts";
import { currentOf } from "../review_queue.ts";
import { ask, sayFailure } from "../shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "../shell/view.ts";
import { fillDoodleCard } from "./doodle_cards.ts";
import { DoodleDialog } from "./doodle_dialog.ts";
import { DoodleFilters } from "./doodle_filters.ts";
import { sayLookedTo } from "./doodle_words.ts";
import { doodlesAddress, EVERY_DOODLE, readGalleryFilter } from "./doodles_address.ts";
import { makeParts } from "./doodles_parts.ts";
import { Erasing } from "./erasing.ts";
import { GalleryWork } from "./gallery_work.ts";

export function makeDoodlesView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new DoodlesView(section, around);
}

class DoodlesView implements ConsoleView {
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly client: GalleryClient;
  private readonly models: ModelsClient;
  private readonly parts = makeParts();
  private readonly filters: DoodleFilters;
  private readonly cards: DrawingCards<Doodle>;
  private readonly work: GalleryWork;
  private readonly dialog: DoodleDialog;
  private readonly erasing: Erasing;
  /** The id of the one that was asked for last, to be looked at closer. */
  private closer: string | undefined;
  private labels: readonly LabelWords[] = [];
  private versions: readonly string[] = [];

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.client = new GalleryClient(around.request);
    this.models = new ModelsClient(around.request);
    this.work = new GalleryWork({
      client: this.client,
      onChange: () => this.show(),
      onTrouble: (error) => this.explain(error),
      onDone: (words) => this.tell(words),
    });
    this.filters = new DoodleFilters(this.parts.exports, (filter) => around.goTo(doodlesAddress(filter)));
    this.cards = new DrawingCards<Doodle>(this.parts.list, fillDoodleCard, (id, touch) =>
      this.touch(id, touch),
    );
    this.erasing = new Erasing(this.client, around, () => void this.begin(location.hash));
    this.dialog = new DoodleDialog({
      onContributor: (contributor) => this.showContributor(contributor),
      onErase: (name) => this.askToErase(name),
    });
    this.build();
  }

  open(hash: string): void {
    void this.begin(hash);
    void this.learn();
    void this.erasing.refresh();
  }

  close(): void {
    this.work.forget();
    this.dialog.close();
    this.erasing.close();
    this.clear();
  }

  refresh(): void {
    void this.lookForNewer();
    void this.erasing.refresh();
  }

  look(): void {
    this.refresh();
  }

  private build(): void {
    const { list, end, more, newer, empty, dock, again } = this.parts;
    this.section.classList.add("review");
    this.section.append(
      this.filters.element,
      this.erasing.element,
      newer,
      list,
      empty,
      end,
      more,
      dock,
      this.dialog.element,
    );
    listenToCommands(this.section, (command) => this.carryOut(command));
    list.addEventListener("dblclick", () => this.carryOut({ name: "look" }));
    newer.addEventListener("click", () => void this.begin(location.hash));
    for (const button of [again, more])
      button.addEventListener("click", () => {
        this.parts.trouble.hidden = true;
        void this.work.load();
      });
    new IntersectionObserver((entries) => {
      const isSeen = entries.some(({ isIntersecting }) => isIntersecting);
      if (isSeen && !this.work.hasFailed && more.hidden) void this.work.load();
    }).observe(end);
  }

  private async begin(hash: string): Promise<void> {
    this.clear();
    await this.work.begin(readGalleryFilter(hash));
  }

  private clear(): void {
    const { newer, trouble, empty, more, said, list } = this.parts;
    newer.hidden = trouble.hidden = empty.hidden = more.hidden = true;
    said.textContent = "";
    list.replaceChildren();
  }

  private async learn(): Promise<void> {
    const [labels, versions] = await Promise.all([
      ask(this.around, () => this.around.client.listLabels()),
      ask(this.around, () => this.models.listVersions()),
    ]);
    if (this.section.hidden) return;
    this.labels = labels ?? this.labels;
    this.versions = versions?.map(({ version }) => version) ?? this.versions;
    this.show();
  }

  /** Look whether something was drawn since; what one is at stays where it is. */
  private async lookForNewer(): Promise<void> {
    const { filter } = this.work;
    if (filter === undefined || this.work.isLoading) return;
    const page = await ask(this.around, () => this.client.listDoodles(filter, 1));
    if (page === undefined || filter !== this.work.filter) return;
    const isNewer = this.work.isNewer(page);
    if (isNewer && this.work.queue.items.length === 0) void this.begin(location.hash);
    else this.parts.newer.hidden = !isNewer;
  }

  private show(): void {
    const { filter, queue, isLoading, hasFailed, canTakeBack, hasMore, lookedTo, total } = this.work;
    if (filter === undefined) return;
    const { list, bar, empty, more } = this.parts;
    this.filters.show(filter, { labels: this.labels, versions: this.versions });
    this.showExports(filter);
    this.cards.show(queue, this.around.now());
    const now = { prefix: "doodles", queue, total, isDecided: false, labels: this.labels, canTakeBack };
    showBar(bar, { ...now, canLook: true, canUndo: true }, (command) => this.carryOut(command));
    list.setAttribute("aria-busy", String(isLoading));
    bar.hidden = queue.items.length === 0 && !canTakeBack;
    const isIdle = !isLoading && !hasFailed;
    empty.hidden = queue.items.length > 0 || !isIdle;
    empty.dataset["part"] = doodlesAddress(filter) === doodlesAddress(EVERY_DOODLE) ? "open" : "narrow";
    more.hidden = !(isIdle && hasMore && queue.items.length === 0);
    more.textContent = lookedTo === undefined ? "Look further" : `${sayLookedTo(lookedTo)} Look further`;
  }

  private showExports(filter: GalleryFilter): void {
    const links = EXPORT_FORMATS.map((format) => {
      if (format === "npy" && filter.label === undefined)
        return make("span", { class: "detail", text: "npy: choose a label" });
      const attributes = { href: exportPath(filter, format), download: "" };
      return make("a", { class: "chip-link", text: format, attributes });
    });
    this.parts.exports.replaceChildren(
      make("span", { class: "detail", text: "What fits, as a file:" }),
      ...links,
    );
  }

  private touch(id: string, touch: Touch): void {
    this.work.queue = takeTouch(this.work.queue, id, touch);
    this.show();
    this.cards.focus(this.work.queue);
  }

  private carryOut(command: Command): void {
    const { work } = this;
    if (command.name === "look") return void this.lookCloser();
    if (command.name === "decide") return this.follow(work.decide(command.choice));
    if (command.name === "take_back") return this.follow(work.takeBack());
    if (command.name === "relabel") {
      const label = this.labels[command.place]?.name;
      return label === undefined ? undefined : this.follow(work.decide({ action: "relabel", label }));
    }
    work.queue = takeStep(work.queue, command, this.cards.numColumns());
    this.show();
    if (command.name === "go") this.cards.focus(work.queue);
    work.loadAhead();
  }

  /** Keep the current card in view while something is done. */
  private follow(work: Promise<void>): void {
    this.cards.focus(this.work.queue);
    void work.then(() => this.cards.focus(this.work.queue));
  }

  private async lookCloser(): Promise<void> {
    const current = currentOf(this.work.queue);
    if (current === undefined) return;
    const { id, label } = current;
    this.closer = id;
    this.dialog.wait(label);
    // Another one may be open by then, beside whose answer this one's contributor could be erased.
    const isAwaited = () => this.dialog.isOpen && this.closer === id;
    try {
      const doodle = await this.client.getDoodle(id);
      if (isAwaited()) this.dialog.show(doodle);
    } catch (error) {
      const words = sayFailure(error, this.around.onSignedOut);
      if (words !== undefined && isAwaited()) this.dialog.explain(words);
    }
  }

  private showContributor(contributor: string): void {
    this.dialog.close();
    this.around.goTo(doodlesAddress({ ...EVERY_DOODLE, contributor }));
  }

  private askToErase(name: string): void {
    this.dialog.close();
    void this.erasing.ask(name);
  }

  private tell(words: string): void {
    this.parts.said.textContent = words;
    this.parts.trouble.hidden = true;
    this.around.onReviewed();
  }

  private explain(error: unknown): void {
    const words = sayFailure(error, this.around.onSignedOut);
    if (words === undefined) return;
    const { trouble, why, again, said } = this.parts;
    why.textContent = words;
    again.hidden = !this.work.hasFailed;
    said.textContent = "";
    trouble.hidden = false;
  }
}
