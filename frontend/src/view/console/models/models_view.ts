/** The versions: what there is, what is live, and what was. */
import type { Deployment, OperatorClient, Run, Version } from "../../../server/operator.ts";
import { make } from "../../element.ts";
import { showDeployments } from "../deployments.ts";
import { hasEnded } from "../runs.ts";
import { ask, order } from "../shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "../shell/view.ts";
import { showVersions } from "../versions.ts";

export function makeModelsView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new ModelsView(section, around);
}

interface Known {
  readonly versions: readonly Version[];
  readonly deployments: readonly Deployment[];
}

class ModelsView implements ConsoleView {
  readonly on = { deployment: () => this.refresh(), run: (data: unknown) => this.hearRun(data as Run) };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly table = make("table", { class: "body" });
  private readonly timeline = make("ol", { class: "body timeline" });
  private known: Known | undefined;

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    section.append(
      make("div", { class: "panel scroll" }, [this.table]),
      make("h2", { text: "What was live when" }),
      this.timeline,
    );
  }

  open(): void {
    this.refresh();
  }

  close(): void {
    this.known = undefined;
    this.table.replaceChildren();
    this.timeline.replaceChildren();
  }

  refresh(): void {
    void this.learn();
  }

  look(): void {
    this.show();
  }

  /** A run leaves a version behind, at its end. */
  private hearRun(run: Run): void {
    if (hasEnded(run)) this.refresh();
  }

  private async learn(): Promise<void> {
    const { client } = this.around;
    const learnt = await ask(this.around, async () => {
      const [versions, deployments] = await Promise.all([client.listVersions(), client.listDeployments()]);
      return { versions, deployments };
    });
    if (learnt === undefined || this.section.hidden) return;
    this.known = learnt;
    this.show();
  }

  private show(): void {
    if (this.known === undefined) return;
    const { versions, deployments } = this.known;
    const now = this.around.now();
    showVersions(this.table, versions, now, (version) => this.deploy(version));
    showDeployments(this.timeline, deployments, now);
  }

  private deploy({ version }: Version): void {
    const words = `Every open page changes to ${version} at once.`;
    const live = this.known?.deployments[0]?.version;
    this.around.reason.ask({ title: `Deploy ${version}?`, words, action: "Deploy" }, (reason) => {
      void this.order(`${version} is live.`, (client) => client.deploy(version, reason, live));
    });
  }

  private async order(done: string, give: (client: OperatorClient) => Promise<void>): Promise<void> {
    await order(this.around, done, () => give(this.around.client));
    if (!this.section.hidden) this.refresh();
  }
}
