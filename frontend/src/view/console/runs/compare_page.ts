/** Several runs side by side: curves in one chart, what they were told, what came of them, what they confuse. */

import { RefusedError, UnreachableError } from "../../../server/http.ts";
import type { Report } from "../../../server/report.ts";
import type { TrackedRun } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { hasEnded } from "../runs.ts";
import { ask } from "../shell/requests.ts";
import { makeArguments, makeScores } from "./compare_tables.ts";
import { makeConfusions } from "./confusions.ts";
import { CurvesPanel } from "./curves_panel.ts";
import { nameRuns } from "./differences.ts";
import { type Around, makePart, makeWayBack, type Page, put } from "./page.ts";
import { comparisonAddress } from "./runs_address.ts";
import { TrackedCurve } from "./tracked_curve.ts";

export class ComparePage implements Page {
  readonly element: HTMLElement;
  readonly title: string;
  private readonly around: Around;
  private readonly keys: readonly string[];
  private readonly curves = new CurvesPanel();
  private readonly told = make("div", { class: "scroll" });
  private readonly scores = make("div", { class: "scroll" });
  private readonly confusions = make("div", { class: "confusions" });
  private readonly onlyDifferent = make("input", { attributes: { id: "runs-different", type: "checkbox" } });
  private readonly tracked: readonly TrackedCurve[];
  private readonly runs = new Map<string, TrackedRun>();
  private readonly reports = new Map<string, Report>();
  private isClosed = false;

  constructor(around: Around, keys: readonly string[]) {
    this.around = around;
    this.keys = keys;
    this.title = `${keys.length} runs side by side`;
    this.tracked = keys.map(
      (key) =>
        new TrackedCurve(
          key,
          (after) => ask(around, () => around.runs.getCurve(key, after)),
          () => this.drawCurves(),
        ),
    );
    this.onlyDifferent.checked = true;
    this.onlyDifferent.addEventListener("change", () => this.show());
    this.element = make("div", { class: "runs-page" }, [
      makeWayBack(),
      this.curves.element,
      makePart("What they were told", "runs-compared-told", [
        make("label", { class: "check" }, [this.onlyDifferent, "Only what differs"]),
        this.told,
      ]),
      makePart("What came of them", "runs-compared-scores", [this.scores]),
      makePart("What they confuse", "runs-compared-confusions", [this.confusions]),
    ]);
    this.told.textContent = this.scores.textContent = this.confusions.textContent = "Loading \u2026";
  }

  refresh(): void {
    void this.learn();
    for (const curve of this.tracked) curve.refresh();
  }

  look(): void {
    this.show();
  }

  hear(run: TrackedRun): void {
    if (!this.keys.includes(run.key) || this.isClosed) return;
    const before = this.runs.get(run.key);
    this.runs.set(run.key, run);
    this.tracked.find(({ key }) => key === run.key)?.hear(run);
    this.show();
    if (before !== undefined && !hasEnded(before) && hasEnded(run)) void this.learnReport(run.key);
  }

  close(): void {
    this.isClosed = true;
    for (const curve of this.tracked) curve.close();
  }

  private async learn(): Promise<void> {
    const found = await ask(this.around, () => Promise.all(this.keys.map((key) => this.findRun(key))));
    if (found === undefined || this.isClosed) return;
    for (const run of found) if (run) this.runs.set(run.key, run);
    this.show();
    this.drawCurves();
    await Promise.all(this.keys.map((key) => this.learnReport(key)));
    if (!this.isClosed) this.showConfusions();
  }

  /** A run that is not there any more is left out. */
  private async findRun(key: string): Promise<TrackedRun | undefined> {
    try {
      return await this.around.runs.find(key);
    } catch (error) {
      if (error instanceof RefusedError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Not every run leaves a report behind. */
  private async learnReport(key: string): Promise<void> {
    try {
      this.reports.set(key, await this.around.client.getReport(key));
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof UnreachableError)) throw error;
    }
    if (!this.isClosed) this.showConfusions();
  }

  private get known(): TrackedRun[] {
    return this.keys.flatMap((key) => this.runs.get(key) ?? []);
  }

  private drawCurves(): void {
    const names = nameRuns(this.known);
    const traced = this.tracked.map(({ key, curve }) => ({ name: names.get(key) ?? key.slice(0, 8), curve }));
    this.curves.show(traced);
  }

  private show(): void {
    const { known } = this;
    const drop = this.keys.length > 2 ? (key: string) => this.drop(key) : undefined;
    put(this.told, makeArguments(known, this.onlyDifferent.checked, drop));
    put(this.scores, makeScores(known, this.around.now()));
  }

  private showConfusions(): void {
    this.confusions.replaceChildren(...makeConfusions(this.known, this.reports));
  }

  private drop(key: string): void {
    this.around.goTo(comparisonAddress(this.keys.filter((each) => each !== key)));
  }
}
