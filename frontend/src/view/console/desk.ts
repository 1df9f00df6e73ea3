/** The operator's desk: holds what is known, fetches what has changed, and shows it. */
import { RefusedError, UnreachableError } from "../../server/http.ts";
import type { Deployment, OperatorClient, Run, Statistics, Version, Worker } from "../../server/operator.ts";
import { getElement, getWithin } from "../element.ts";
import { showDeployments } from "./deployments.ts";
import { showLive } from "./live.ts";
import type { ReasonDialog } from "./reason_dialog.ts";
import { showRuns } from "./runs.ts";
import { showVersions } from "./versions.ts";
import { showStatistics } from "./waiting.ts";
import { showWorkers } from "./workers.ts";

export interface DeskSurroundings {
  readonly client: OperatorClient;
  readonly reason: ReasonDialog;
  /** Says something quietly. */
  readonly notify: (words: string) => void;
  /** The session has ended. */
  readonly onSignedOut: () => void;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

interface Known {
  runs?: readonly Run[];
  versions?: readonly Version[];
  deployments?: readonly Deployment[];
  workers?: readonly Worker[];
  statistics?: Statistics;
}

const UNAUTHORISED = 401;
const ENDED: ReadonlySet<string> = new Set(["finished", "failed", "cancelled"]);

export class Desk {
  private readonly around: DeskSurroundings;
  private readonly section = getElement("desk", HTMLElement);
  private readonly connection = getElement("connection", HTMLElement);
  private known: Known = {};

  constructor(around: DeskSurroundings) {
    this.around = around;
    getWithin(this.section, "[data-action=train]", HTMLElement).addEventListener("click", () => this.train());
  }

  /** Show the desk and fetch everything. */
  open(): void {
    this.section.hidden = false;
    void this.refresh();
  }

  /** Put everything away, so that nothing is left for who comes next. */
  close(): void {
    this.section.hidden = true;
    this.known = {};
    for (const body of this.section.querySelectorAll(".body")) body.replaceChildren();
  }

  /** Fetch and show everything. */
  async refresh(): Promise<void> {
    await Promise.all([this.refreshRuns(), this.refreshModels(), this.refreshSurroundings()]);
  }

  /** Fetch and show what changes without an event: workers and statistics. Times move on with it. */
  async refreshSurroundings(): Promise<void> {
    await this.learn(async (client) => ({ statistics: await client.getStatistics() }));
    await this.learn(async (client) => ({ workers: await client.listWorkers() }));
  }

  /** A deployment was announced. */
  hearDeployment(): void {
    void this.refreshModels();
    void this.refreshSurroundings();
  }

  /** A run has changed. */
  hearRun(run: Run): void {
    const runs = this.known.runs ?? [];
    const known = runs.some(({ key }) => key === run.key);
    this.known.runs = known ? runs.map((old) => (old.key === run.key ? run : old)) : [run, ...runs];
    this.show();
    if (ENDED.has(run.state)) this.hearDeployment();
  }

  private async refreshRuns(): Promise<void> {
    await this.learn(async (client) => ({ runs: await client.listRuns() }));
  }

  private async refreshModels(): Promise<void> {
    await this.learn(async (client) => {
      const [versions, deployments] = await Promise.all([client.listVersions(), client.listDeployments()]);
      return { versions, deployments };
    });
  }

  private async learn(fetch: (client: OperatorClient) => Promise<Known>): Promise<void> {
    if (this.section.hidden) return;
    try {
      Object.assign(this.known, await fetch(this.around.client));
      this.connection.hidden = true;
      this.show();
    } catch (error) {
      this.explain(error);
    }
  }

  private explain(error: unknown): void {
    if (error instanceof RefusedError && error.status === UNAUTHORISED) return this.around.onSignedOut();
    if (!(error instanceof RefusedError || error instanceof UnreachableError)) throw error;
    this.connection.hidden = false;
    this.connection.textContent = "The server does not answer; trying again";
  }

  private show(): void {
    const { runs, versions, deployments, workers, statistics } = this.known;
    const now = this.around.now();
    if (runs) showRuns(this.body("runs"), runs, now, (run) => this.cancel(run));
    if (versions) showVersions(this.body("versions"), versions, now, (version) => this.deploy(version));
    if (deployments) showDeployments(this.body("deployments"), deployments, now);
    if (versions && deployments) this.showLive(versions, deployments, now);
    if (workers) showWorkers(this.body("workers"), workers, now);
    if (statistics) showStatistics(this.body("waiting"), statistics);
  }

  private showLive(versions: readonly Version[], deployments: readonly Deployment[], now: number): void {
    showLive(this.body("live"), versions, deployments, now, (target) => this.rollBack(target));
  }

  private body(id: string): HTMLElement {
    return getWithin(getElement(id, HTMLElement), ".body", HTMLElement);
  }

  private train(): void {
    void this.order("A run is queued.", (client) => client.train());
  }

  private cancel(run: Run): void {
    void this.order("The run is asked to stop.", (client) => client.cancel(run.key));
  }

  private deploy({ version }: Version): void {
    const words = `Every open page changes to ${version} at once.`;
    this.around.reason.ask({ title: `Deploy ${version}?`, words, action: "Deploy" }, (reason) => {
      void this.order(`${version} is live.`, (client) => client.deploy(version, reason, this.live));
    });
  }

  private rollBack(target: string): void {
    const words = `Every open page goes back to ${target}, which was live before, at once.`;
    this.around.reason.ask({ title: "Roll back?", words, action: "Roll back" }, (reason) => {
      void this.order(`Rolled back to ${target}.`, (client) => client.deploy("previous", reason, this.live));
    });
  }

  private get live(): string | undefined {
    return this.known.deployments?.[0]?.version;
  }

  /** Give an order, say how it went, and look again. */
  private async order(done: string, give: (client: OperatorClient) => Promise<void>): Promise<void> {
    try {
      await give(this.around.client);
      this.around.notify(done);
    } catch (error) {
      if (error instanceof RefusedError && error.status === UNAUTHORISED) return this.around.onSignedOut();
      this.around.notify(error instanceof Error ? error.message : String(error));
    }
    await this.refresh();
  }
}
