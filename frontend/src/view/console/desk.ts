/** The operator's desk: what is live, what waits, who works, and the newest runs. */
import { type History, ModelsClient, type Pin } from "../../server/models.ts";
import type { OperatorClient, Run, Statistics, Version, Worker } from "../../server/operator.ts";
import { getWithin } from "../element.ts";
import { showLive } from "./live.ts";
import { hasEnded, hearRun, showRuns } from "./runs.ts";
import { ask, order } from "./shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "./shell/view.ts";
import { showStatistics } from "./waiting.ts";
import { showWorkers } from "./workers.ts";

/** The others stand in a view of their own. */
const NUM_RUNS = 5;

interface Known {
  runs?: readonly Run[];
  models?: { readonly versions: readonly Version[]; readonly history: History; readonly pin: Pin };
  workers?: readonly Worker[];
  statistics?: Statistics;
}

export function makeDesk(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new Desk(section, around);
}

class Desk implements ConsoleView {
  readonly on = {
    deployment: () => this.hearDeployment(),
    pin: () => this.refreshModels(),
    run: (data: unknown) => this.hearRun(data as Run),
    worker: () => this.look(),
  };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly models: ModelsClient;
  private known: Known = {};

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.models = new ModelsClient(around.request);
    getWithin(section, "[data-action=train]", HTMLElement).addEventListener("click", () => this.train());
  }

  open(): void {
    this.refresh();
  }

  close(): void {
    this.known = {};
    for (const body of this.section.querySelectorAll(".body")) body.replaceChildren();
  }

  refresh(): void {
    void this.learn(async (client) => ({ runs: await client.listRuns() }));
    this.refreshModels();
    this.look();
  }

  look(): void {
    void this.learn(async (client) => ({ statistics: await client.getStatistics() }));
    void this.learn(async (client) => ({ workers: await client.listWorkers() }));
  }

  private hearDeployment(): void {
    this.refreshModels();
    this.look();
  }

  private hearRun(run: Run): void {
    const runs = hearRun(this.known.runs ?? [], run);
    this.known.runs = runs;
    // Several times a second: the rest of the desk has nothing to do with it.
    this.show({ runs });
    if (hasEnded(run)) this.hearDeployment();
  }

  private refreshModels(): void {
    const { models } = this;
    void this.learn(async () => {
      const [versions, history, pin] = await Promise.all([
        models.listVersions(),
        models.getHistory(),
        models.getPin(),
      ]);
      return { models: { versions, history, pin } };
    });
  }

  private async learn(fetch: (client: OperatorClient) => Promise<Known>): Promise<void> {
    const learnt = await ask(this.around, () => fetch(this.around.client));
    if (learnt === undefined || this.section.hidden) return;
    Object.assign(this.known, learnt);
    this.show(this.known);
  }

  /** Show what is given; the rest stays as it is. */
  private show({ runs, models, workers, statistics }: Known): void {
    const now = this.around.now();
    if (runs) showRuns(this.body("runs"), runs.slice(0, NUM_RUNS), now, (run) => this.cancel(run));
    if (models) {
      const { versions, history, pin } = models;
      showLive(this.body("live"), versions, history, pin, now, (target) => this.rollBack(target));
    }
    if (workers) showWorkers(this.body("workers"), workers, now);
    if (statistics) showStatistics(this.body("waiting"), statistics);
  }

  private body(part: string): HTMLElement {
    return getWithin(this.section, `[data-part=${part}] .body`, HTMLElement);
  }

  private train(): void {
    void this.order("A run is queued.", (client) => client.train());
  }

  private cancel(run: Run): void {
    void this.order("The run is asked to stop.", (client) => client.cancel(run.key));
  }

  private rollBack(target: string): void {
    const live = this.known.models?.history.deployments[0]?.version;
    const words = `Every open page goes back to ${target}, which was live before, at once.`;
    this.around.reason.ask({ title: "Roll back?", words, action: "Roll back" }, (reason) => {
      void this.order(`Rolled back to ${target}.`, () => this.models.deploy("previous", reason, live));
    });
  }

  private async order(done: string, give: (client: OperatorClient) => Promise<void>): Promise<void> {
    await order(this.around, done, () => give(this.around.client));
    if (!this.section.hidden) this.refresh();
  }
}
