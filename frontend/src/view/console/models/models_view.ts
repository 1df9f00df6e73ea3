/** The versions: what there is and how good it is, what is live and was, and what an operator does about it. */
import {
  type Comparison,
  type History,
  type ListedVersions,
  ModelsClient,
  type Pin,
} from "../../../server/models.ts";
import type { Run, Version } from "../../../server/operator.ts";
import { ShadowClient, type ShadowStanding } from "../../../server/shadow.ts";
import { make } from "../../element.ts";
import { saveText, toCsv } from "../charts/csv.ts";
import { hasEnded } from "../runs.ts";
import { ask, order, sayFailure } from "../shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "../shell/view.ts";
import { showComparison } from "./comparison_panel.ts";
import { tabulateComparison } from "./comparison_words.ts";
import { showLineage } from "./lineage.ts";
import { comparisonAddress, findCompared } from "./models_address.ts";
import { ModelsPage } from "./models_page.ts";
import { NEWEST_FIRST, nextOrder, type Order, rankVersions } from "./rank.ts";
import { QUESTION_TO_END, questionToTry } from "./shadow_words.ts";
import { showStanding } from "./standing.ts";
import { NUM_SHOWN, showStory, tellStory } from "./story.ts";
import { listOrders, showTable } from "./version_table.ts";

export function makeModelsView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new ModelsView(section, around);
}

interface Known extends ListedVersions {
  readonly history: History;
  readonly pin: Pin;
  readonly shadow: ShadowStanding;
}

class ModelsView implements ConsoleView {
  readonly on = {
    deployment: () => this.refresh(),
    pin: () => this.refresh(),
    shadow: () => this.refresh(),
    run: (data: unknown) => this.hearRun(data as Run),
  };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly client: ModelsClient;
  private readonly shadows: ShadowClient;
  private readonly page: ModelsPage;
  private known: Known | undefined;
  private order: Order = NEWEST_FIRST;
  private marked: readonly string[] = [];
  private compared: readonly [string, string] | undefined;
  private comparison: Comparison | undefined;
  private isWhole = false;
  /** Of the list of versions, which somebody has asked for. */
  private numPages = 1;

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.client = new ModelsClient(around.request);
    this.shadows = new ShadowClient(around.request);
    this.page = new ModelsPage(section, {
      onOrder: (by) => this.sort(by),
      onCompare: () => this.goToComparison(),
      onClose: () => around.goTo("#models"),
      onWhole: () => this.showWhole(),
      onEmpty: () => this.empty(),
      onMore: () => this.showMore(),
      onEndShadow: () => this.endShadow(),
      onSave: () => this.save(),
    });
  }

  open(hash: string): void {
    const before = this.compared;
    this.compared = findCompared(hash);
    if (this.compared) this.marked = this.compared;
    this.page.showComparing(this.compared);
    if (this.compared && this.compared.join() !== before?.join()) void this.compare(this.compared);
    this.refresh();
  }

  close(): void {
    this.known = this.compared = undefined;
    this.marked = [];
    this.isWhole = false;
    this.numPages = 1;
    this.page.clear();
  }

  refresh(): void {
    void this.learn();
  }

  /** Times move on; but nothing is taken from under the hands of who is at it. */
  look(): void {
    if (!this.page.isInUse) this.show();
    if (this.known?.shadow.shadow) void this.lookAtShadow();
  }

  /** What people draw is told by no event; it is looked at while there is a shadow. */
  private async lookAtShadow(): Promise<void> {
    const shadow = await ask(this.around, () => this.shadows.get());
    if (shadow === undefined || this.known === undefined || this.section.hidden) return;
    this.known = { ...this.known, shadow };
    this.page.keepFocus(() => this.page.shadow.show(shadow, this.around.now()));
  }

  /** A run leaves a version behind, at its end. */
  private hearRun(run: Run): void {
    if (hasEnded(run)) this.refresh();
  }

  private async learn(): Promise<void> {
    const { client } = this;
    const learnt = await ask(this.around, async () => {
      const [listed, history, pin, shadow] = await Promise.all([
        client.listPages(this.numPages),
        client.getHistory(),
        client.getPin(),
        this.shadows.get(),
      ]);
      return { ...listed, history, pin, shadow };
    });
    if (learnt === undefined || this.section.hidden) return;
    this.known = learnt;
    this.show();
  }

  private async compare([first, second]: readonly [string, string]): Promise<void> {
    this.page.showSaving(false);
    this.page.comparison.replaceChildren(
      make("p", { class: "detail", text: "Asking both about the same drawings \u2026" }),
    );
    const isAsked = () => this.compared?.[0] === first && this.compared[1] === second;
    try {
      const comparison = await this.client.compare(first, second);
      if (!isAsked()) return;
      this.comparison = comparison;
      showComparison(this.page.comparison, comparison);
      this.page.showSaving(comparison.holdouts.length > 0);
    } catch (error) {
      const words = sayFailure(error, this.around.onSignedOut);
      if (words !== undefined && isAsked())
        this.page.comparison.replaceChildren(make("p", { class: "error", text: words }));
    }
  }

  private show(): void {
    if (this.known === undefined) return;
    const { versions, hasMore, history, pin, shadow } = this.known;
    const now = this.around.now();
    const { page, order: sorted, marked } = this;
    page.keepFocus(() => {
      showStanding(page.standing, history, pin, now, {
        onRollBack: (target) => this.rollBack(target),
        onPin: (pinned) => this.pin(pinned),
      });
      page.shadow.show(shadow, now);
      const tried = shadow.shadow?.version ?? undefined;
      const shown = {
        versions: rankVersions(versions, sorted),
        order: sorted,
        marked,
        shadow: tried,
        now,
      };
      showTable(page.table, shown, {
        onOrder: (by) => this.sort(by),
        onDeploy: (version) => this.deploy(version),
        onDelete: (version) => this.delete(version),
        onTry: (version) => this.try(version),
        onMark: (version, isMarked) => this.mark(version, isMarked),
      });
      page.showOrders(listOrders(versions), sorted);
      page.showMarked(marked);
      page.showMore(hasMore);
      page.showEmptying(versions.filter(({ needed_for: why }) => why === null).length);
      showLineage(page.lineage, versions);
      const chapters = tellStory(history.deployments, pin.decisions, shadow.decisions);
      showStory(page.story, this.isWhole ? chapters : chapters.slice(0, NUM_SHOWN), now);
      page.showRest(this.isWhole ? 0 : Math.max(0, chapters.length - NUM_SHOWN));
    });
  }

  private sort(by: string): void {
    this.order = nextOrder(this.order, by);
    this.show();
  }

  private showMore(): void {
    this.numPages += 1;
    this.refresh();
  }

  private showWhole(): void {
    this.isWhole = true;
    this.show();
  }

  /** Two can be compared: of three the one that was marked first gives way. */
  private mark(version: string, isMarked: boolean): void {
    const others = this.marked.filter((each) => each !== version);
    this.marked = isMarked ? [...others, version].slice(-2) : others;
    this.show();
  }

  private goToComparison(): void {
    const [first, second] = this.marked;
    if (first !== undefined && second !== undefined) this.around.goTo(comparisonAddress(first, second));
  }

  private get live(): string | undefined {
    return this.known?.history.deployments[0]?.version;
  }

  private deploy({ version }: Version): void {
    const words = `Every open page changes to ${version} at once.`;
    const { live } = this;
    this.around.reason.ask({ title: `Deploy ${version}?`, words, action: "Deploy" }, (reason) => {
      void this.give(`${version} is live.`, () => this.client.deploy(version, reason, live));
    });
  }

  private rollBack(target: string): void {
    const words = `Every open page goes back to ${target}, which was live before, at once.`;
    const { live } = this;
    this.around.reason.ask({ title: "Roll back?", words, action: "Roll back" }, (reason) => {
      void this.give(`Rolled back to ${target}.`, () => this.client.deploy("previous", reason, live));
    });
  }

  private pin(pinned: boolean): void {
    const question = pinned
      ? {
          title: "Pin what is live?",
          words: "Runs go on, but what passes the gate waits for you to deploy it.",
          action: "Pin",
        }
      : {
          title: "Let runs deploy again?",
          words: "What passes the gate goes live by itself from then on.",
          action: "Let go",
        };
    this.around.reason.ask(question, (reason) => {
      const done = pinned
        ? "Pinned: nothing goes live by itself."
        : "What passes the gate goes live by itself again.";
      void this.give(done, () => this.client.setPin(pinned, reason));
    });
  }

  private delete({ version }: Version): void {
    const words = "Its files are removed for good. What it was and did stays in the history.";
    const question = { title: `Delete ${version}?`, words, action: "Delete", confirm: version };
    this.around.reason.ask(question, (reason) => {
      void this.give(`${version} is deleted.`, () => this.client.delete(version, version, reason));
    });
  }

  private empty(): void {
    const name = this.known?.versions[0]?.label_set;
    if (name === undefined) return;
    const words =
      "Every version that nothing needs loses its files for good. What is live, and what a rollback leads to, stays.";
    const question = { title: "Delete all that nothing needs?", words, action: "Delete", confirm: name };
    this.around.reason.ask(question, (reason) => {
      void this.give("Deleted all that nothing needed.", () => this.client.delete("all", name, reason));
    });
  }

  private try({ version }: Version): void {
    this.around.reason.ask(questionToTry(version, this.known?.pin.pinned === true), (reason) => {
      void this.give(`${version} is the shadow.`, () => this.shadows.set(version, reason));
    });
  }

  private endShadow(): void {
    this.around.reason.ask(QUESTION_TO_END, (reason) => {
      void this.give("The shadow has ended.", () => this.shadows.set(null, reason));
    });
  }

  private save(): void {
    const { comparison } = this;
    if (comparison === undefined) return;
    const name = `comparison-${comparison.version}-${comparison.with}.csv`;
    saveText(name, toCsv(tabulateComparison(comparison)));
  }

  private async give(done: string, act: () => Promise<unknown>): Promise<void> {
    await order(this.around, done, act);
    if (!this.section.hidden) this.refresh();
  }
}
