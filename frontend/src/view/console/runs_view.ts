/** All runs that the server lists, newest first, as they go on. */
import type { Run } from "../../server/operator.ts";
import { make } from "../element.ts";
import { hearRun, showRuns } from "./runs.ts";
import { ask, order } from "./shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "./shell/view.ts";

export function makeRunsView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new RunsView(section, around);
}

class RunsView implements ConsoleView {
  readonly on = { run: (data: unknown) => this.hear(data as Run) };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly list = make("ol", { class: "body run-list" });
  private runs: readonly Run[] | undefined;

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    section.append(this.list);
  }

  open(): void {
    this.refresh();
  }

  close(): void {
    this.runs = undefined;
    this.list.replaceChildren();
    delete this.list.dataset["empty"];
  }

  refresh(): void {
    void this.learn();
  }

  /** Times move on. */
  look(): void {
    this.show();
  }

  private hear(run: Run): void {
    this.runs = hearRun(this.runs ?? [], run);
    this.show();
  }

  private async learn(): Promise<void> {
    const runs = await ask(this.around, () => this.around.client.listRuns());
    if (runs === undefined || this.section.hidden) return;
    this.runs = runs;
    this.show();
  }

  private show(): void {
    if (this.runs) showRuns(this.list, this.runs, this.around.now(), (run) => void this.cancel(run));
  }

  private async cancel(run: Run): Promise<void> {
    await order(this.around, "The run is asked to stop.", () => this.around.client.cancel(run.key));
    if (!this.section.hidden) this.refresh();
  }
}
