/** One run: how it stands, its curves, log and notes, and what can be done about it. */
import { RefusedError } from "../../../server/http.ts";
import type { TrackedRun } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { later } from "../../surroundings.ts";
import { reportAddress } from "../report_address.ts";
import { hasEnded, showProgress, showVerdict } from "../runs.ts";
import { ask, order, sayFailure } from "../shell/requests.ts";
import { CurvesPanel } from "./curves_panel.ts";
import { LogPanel } from "./log_panel.ts";
import { listMeasures } from "./measures.ts";
import { NotesPanel } from "./notes_panel.ts";
import { type Around, makeButton, makePart, makeWayBack, type Page, put } from "./page.ts";
import { listFacts, listTold, makeFacts, makeMeasures } from "./run_facts.ts";
import { makeState } from "./run_table.ts";
import { sayTitle } from "./run_words.ts";
import { likeAddress } from "./runs_address.ts";
import { TrackedCurve } from "./tracked_curve.ts";

const MISSING = 404;

/** So often at most is the log asked for while its run goes on. */
const LOG_SECONDS = 1;

export class RunPage implements Page {
  readonly element: HTMLElement;
  readonly title: string;
  private readonly around: Around;
  private readonly key: string;
  private readonly head = make("div", { class: "head" });
  private readonly progress = make("div", { class: "progress" });
  private readonly verdict = make("div", { class: "verdict-slot" });
  private readonly trouble = make("p", { class: "trouble error" });
  private readonly facts = make("div", { class: "facts-slot" });
  private readonly measuresSlot = make("div", { class: "scroll" });
  private readonly measures = makePart("Measures", "runs-measures", [this.measuresSlot]);
  private readonly toldSlot = make("div");
  private readonly told = makePart("What it was told", "runs-told", [this.toldSlot]);
  private readonly curves = new CurvesPanel();
  private readonly log = new LogPanel();
  private readonly notes: NotesPanel;
  private readonly priority = make("input", {
    attributes: { id: "runs-priority", type: "number", min: "-10", max: "10", step: "1" },
  });
  private readonly actions: HTMLElement;
  private readonly cancelButton = makeButton("Cancel the run", "cancel", () => void this.cancel());
  private readonly reportLink: HTMLElement;
  private readonly curve: TrackedCurve;
  private run: TrackedRun | undefined;
  private isClosed = false;
  private isLogPlanned = false;

  constructor(around: Around, key: string) {
    this.around = around;
    this.key = key;
    this.title = `Run ${key.slice(0, 8)}`;
    this.notes = new NotesPanel((text) => this.saveNotes(text));
    this.reportLink = make("a", {
      class: "report-link",
      text: "Report",
      attributes: { href: reportAddress(key) },
    });
    this.curve = new TrackedCurve(
      key,
      (after) => ask(around, () => around.runs.getCurve(key, after)),
      () => this.drawCurves(),
    );
    this.actions = this.makeActions();
    const standing = make(
      "section",
      { class: "panel part run", attributes: { "aria-label": "How it stands" } },
      [this.head, this.progress, this.verdict, this.trouble, this.facts, this.actions],
    );
    this.element = make("div", { class: "runs-page" }, [
      makeWayBack(),
      standing,
      this.curves.element,
      this.measures,
      this.told,
      this.notes.element,
      this.log.element,
    ]);
    this.measures.hidden = this.told.hidden = this.actions.hidden = true;
    this.head.textContent = "Loading \u2026";
  }

  refresh(): void {
    void this.learn();
    this.curve.refresh();
    void this.learnLog();
  }

  look(): void {
    this.show();
  }

  hear(run: TrackedRun): void {
    if (run.key !== this.key || this.isClosed) return;
    this.run = run;
    this.show();
    this.curve.hear(run);
    this.planLog();
  }

  close(): void {
    void this.notes.save();
    this.isClosed = true;
    this.curve.close();
  }

  private async learn(): Promise<void> {
    try {
      this.run = await this.around.runs.find(this.key);
      this.around.showConnection(true);
    } catch (error) {
      const words = sayFailure(error, this.around.onSignedOut);
      if (!(error instanceof RefusedError)) this.around.showConnection(false);
      if (error instanceof RefusedError && error.status === MISSING) this.tellMissing(words ?? "");
      return;
    }
    if (!this.isClosed) this.show();
  }

  private tellMissing(words: string): void {
    this.element.replaceChildren(makeWayBack(), make("p", { class: "panel error", text: words }));
  }

  private show(): void {
    const { run } = this;
    if (run === undefined) return;
    this.element.dataset["state"] = run.state;
    this.head.replaceChildren(makeState(run), make("strong", { class: "what", text: sayTitle(run) }));
    showProgress(this.progress, run.state === "running" ? run.progress : null);
    showVerdict(this.verdict, run.verdict);
    this.trouble.textContent = run.error ?? "";
    put(this.facts, makeFacts(listFacts(run, this.around.now())));
    this.showTold(run);
    this.showActions(run);
    this.notes.hear(run.notes);
  }

  private showTold(run: TrackedRun): void {
    const told = listTold(run);
    this.told.hidden = told.length === 0;
    put(this.toldSlot, makeFacts(told));
    this.measures.hidden = listMeasures(run.metrics).length === 0;
    put(this.measuresSlot, makeMeasures(run.metrics));
  }

  private makeActions(): HTMLElement {
    this.priority.addEventListener("change", () => void this.setPriority());
    return make("div", { class: "curve-tools" }, [
      this.reportLink,
      make("label", { class: "priority" }, ["Priority ", this.priority]),
      makeButton("Order one like it \u2026", "like", () => this.around.goTo(likeAddress(this.key))),
      this.cancelButton,
    ]);
  }

  private showActions(run: TrackedRun): void {
    this.actions.hidden = false;
    this.reportLink.hidden = run.started_at === null;
    const isWaiting = run.state === "waiting";
    const label = this.priority.parentElement;
    if (label) label.hidden = !isWaiting;
    if (document.activeElement !== this.priority) this.priority.value = String(run.priority);
    this.cancelButton.hidden = hasEnded(run);
    this.cancelButton.disabled = run.cancel_requested_at !== null;
    this.cancelButton.textContent =
      run.cancel_requested_at === null ? "Cancel the run" : "Asked to stop \u2026";
  }

  private drawCurves(): void {
    this.curves.show([{ name: this.title, curve: this.curve.curve }]);
  }

  private planLog(): void {
    if (this.isLogPlanned) return;
    this.isLogPlanned = true;
    later(LOG_SECONDS, () => {
      this.isLogPlanned = false;
      void this.learnLog();
    });
  }

  private async learnLog(): Promise<void> {
    if (this.isClosed) return;
    const page = await ask(this.around, () => this.around.runs.getLog(this.key, this.log.after));
    if (page !== undefined && !this.isClosed) this.log.add(page);
  }

  private async saveNotes(text: string): Promise<string | undefined> {
    try {
      await this.around.runs.setNotes(this.key, text);
      return undefined;
    } catch (error) {
      return sayFailure(error, this.around.onSignedOut) ?? "You have been signed out.";
    }
  }

  private async setPriority(): Promise<void> {
    const priority = Number(this.priority.value);
    await order(this.around, `Its priority is ${priority}.`, () =>
      this.around.runs.setPriority(this.key, priority),
    );
    await this.learn();
  }

  private async cancel(): Promise<void> {
    await order(this.around, "The run is asked to stop.", () => this.around.client.cancel(this.key));
    await this.learn();
  }
}
