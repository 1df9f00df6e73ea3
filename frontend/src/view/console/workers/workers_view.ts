/** The workers: who trains, where, what each does just now; send one a run, let one end. */
import type { Run } from "../../../server/operator.ts";
import { type ListedWorker, type Wish, WorkersClient } from "../../../server/workers.ts";
import { make } from "../../element.ts";
import { every } from "../../surroundings.ts";
import { ask, order, sayFailure } from "../shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "../shell/view.ts";
import { sayAgo, sayAmount } from "../words.ts";
import { EndDialog } from "./end_dialog.ts";
import { showCards } from "./worker_cards.ts";
import { saySent, sortWorkers } from "./worker_words.ts";

export function makeWorkersView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new WorkersView(section, around);
}

/** How often to ask for heartbeats: silence is told by nobody. */
const LOOK_SECONDS = 3;

const EMPTY = "No worker has been heard within the last day: runs wait until one comes.";

class WorkersView implements ConsoleView {
  readonly on = { worker: () => this.refresh(), run: (data: unknown) => this.hearRun(data as Run) };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly client: WorkersClient;
  private readonly cards = make("ul", { class: "worker-cards body" });
  private readonly ended = make("ul", { class: "worker-ended" });
  private readonly endedTitle = make("summary");
  private readonly farewells = make("details", {}, [this.endedTitle, this.ended]);
  private readonly dialog = new EndDialog();
  private workers: readonly ListedWorker[] | undefined;
  private stopLooking: (() => void) | undefined;

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.client = new WorkersClient(around.request);
    this.farewells.hidden = true;
    section.append(this.cards, this.farewells, makeHelp(), this.dialog.element);
  }

  open(): void {
    this.refresh();
    this.stopLooking ??= every(LOOK_SECONDS, () => this.refresh());
  }

  close(): void {
    this.stopLooking?.();
    this.stopLooking = undefined;
    this.workers = undefined;
    this.cards.replaceChildren();
    delete this.cards.dataset["empty"];
    this.farewells.hidden = true;
    this.ended.replaceChildren();
    this.dialog.close();
  }

  refresh(): void {
    void this.learn();
  }

  private async learn(): Promise<void> {
    const workers = await ask(this.around, () => this.client.list());
    if (workers === undefined || this.stopLooking === undefined) return;
    this.workers = workers;
    this.show();
  }

  private show(): void {
    if (this.workers === undefined || this.section.hidden) return;
    const now = this.around.now();
    const { present, ended } = sortWorkers(this.workers);
    this.cards.dataset["empty"] = present.length === 0 ? EMPTY : "";
    showCards(this.cards, present, now, {
      end: (worker, wish) => this.end(worker, wish),
      train: (worker) => void this.train(worker),
    });
    this.farewells.hidden = ended.length === 0;
    this.endedTitle.textContent = `${sayAmount(ended.length, "worker")} ended within the last day`;
    this.ended.replaceChildren(
      ...ended.map((worker) => make("li", { text: `${worker.name}, ${sayAgo(worker.heartbeat_at, now)}` })),
    );
  }

  /** A run tells its progress four times a second; who works on it is known. */
  private hearRun(run: Run): void {
    if (!this.workers?.some((worker) => worker.run === run.key)) return;
    this.workers = this.workers.map((worker) =>
      worker.run === run.key ? { ...worker, progress: run.progress } : worker,
    );
    this.show();
  }

  private end(worker: ListedWorker, wish: Wish): void {
    this.dialog.ask(worker, wish, () => void this.tell(worker, wish));
  }

  private async tell({ name }: ListedWorker, wish: Wish): Promise<void> {
    await order(this.around, `${name} is asked to ${wish}.`, () => this.client.ask(name, wish));
    await this.learn();
  }

  private async train(worker: ListedWorker): Promise<void> {
    try {
      this.around.notify(saySent(worker, await this.client.train(worker.name)));
    } catch (error) {
      const words = sayFailure(error, this.around.onSignedOut);
      if (words !== undefined) this.around.notify(words);
    }
    await this.learn();
  }
}

function makeHelp(): HTMLElement {
  return make("section", { class: "panel worker-help", attributes: { "aria-labelledby": "workers-more" } }, [
    make("h2", { text: "More workers", attributes: { id: "workers-more" } }),
    make("p", { class: "detail" }, [
      "From anywhere that reaches the database and the versions' place, with ",
      make("code", { text: "DATABASE_URL" }),
      " and ",
      make("code", { text: "ARTIFACT_URL" }),
      " set:",
    ]),
    make("pre", {}, [make("code", { text: "doodle worker --name colab-1" })]),
    make("p", { class: "detail" }, [
      "With ",
      make("code", { text: "--until-idle" }),
      " it ends by itself when nothing waits: for machines rented by the minute.",
    ]),
  ]);
}
