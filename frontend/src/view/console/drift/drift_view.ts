/** Drift: whether what people draw is still what it was, each measure against its thresholds, and drawings of both. */
import { type Check, type DriftStanding, fetchDrift } from "../../../server/drift.ts";
import { make } from "../../element.ts";
import { ask } from "../shell/requests.ts";
import type { ConsoleSurroundings, ConsoleView } from "../shell/view.ts";
import { sayAgo } from "../words.ts";
import { DriftCharts } from "./drift_charts.ts";
import { makeMeasures } from "./drift_measures.ts";
import { DriftSamples } from "./drift_samples.ts";
import { STATE_NAMES, sayCompared, sayMissing } from "./drift_words.ts";

export function makeDriftView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new DriftView(section, around);
}

class DriftView implements ConsoleView {
  readonly on = { drift: () => this.refresh() };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly state = make("div", { class: "panel drift-state", attributes: { role: "status" } });
  private readonly findings = make("div", { class: "drift-findings" });
  private readonly measures = make("ul", { class: "drift-measures" });
  private readonly charts = new DriftCharts();
  private readonly samples = new DriftSamples();
  private standing: DriftStanding | undefined;
  private isOpen = false;

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.findings.append(
      make("section", {}, [make("h2", { text: "What is measured" }), this.measures]),
      this.samples.element,
      this.charts.element,
    );
    section.append(this.state, this.findings);
    this.showLoading();
  }

  open(): void {
    this.isOpen = true;
    this.refresh();
  }

  close(): void {
    this.isOpen = false;
    this.standing = undefined;
    this.showLoading();
    this.measures.replaceChildren();
    this.samples.clear();
  }

  refresh(): void {
    void this.learn();
  }

  /** Before the first check drawings come in that no event tells; later only the time moves on. */
  look(): void {
    if (this.standing?.latest) this.showState(this.standing);
    else this.refresh();
  }

  private async learn(): Promise<void> {
    const standing = await ask(this.around, () => fetchDrift(this.around.request));
    if (!this.isOpen || this.section.hidden) return;
    if (standing === undefined) {
      if (this.standing === undefined) this.showTrouble();
      return;
    }
    const isNew = standing.latest?.created_at !== this.standing?.latest?.created_at;
    this.standing = standing;
    this.showState(standing);
    this.findings.hidden = standing.latest === null;
    if (standing.latest && (isNew || this.measures.childElementCount === 0))
      this.showCheck(standing, standing.latest);
  }

  private showLoading(): void {
    this.findings.hidden = true;
    delete this.state.dataset["state"];
    this.state.replaceChildren(make("p", { class: "detail", text: "Loading \u2026" }));
  }

  private showTrouble(): void {
    const again = make("button", { class: "quiet", text: "Try again", attributes: { type: "button" } });
    again.addEventListener("click", () => this.refresh());
    this.state.replaceChildren(make("p", { text: "This could not be loaded." }), again);
  }

  private showState(standing: DriftStanding): void {
    const { state, words, since, latest } = standing;
    const now = this.around.now();
    this.state.dataset["state"] = state;
    const title = make("h2", { text: STATE_NAMES[state] });
    const began = since === null ? "" : ` This state began ${sayAgo(since, now)}.`;
    const detail = latest
      ? `${sayCompared(latest)} Checked ${sayAgo(latest.created_at, now)}.${began}`
      : sayMissing(standing);
    const meter = latest ? [] : [makeMeter(standing)];
    this.state.replaceChildren(
      title,
      make("p", { text: words }),
      ...meter,
      make("p", { class: "detail", text: detail }),
    );
  }

  private showCheck(standing: DriftStanding, check: Check): void {
    this.measures.replaceChildren(...makeMeasures(check));
    this.samples.show(check);
    this.charts.show(check, standing.history, standing.thresholds);
  }
}

function makeMeter({ num_drawings, num_wanted }: DriftStanding): HTMLElement {
  const label = `${num_drawings} of ${num_wanted} drawings`;
  const meter = make("progress", { attributes: { "aria-label": label } });
  meter.max = num_wanted;
  meter.value = num_drawings;
  return meter;
}
