/** The runs: all of them, one of them, or several side by side, as the address says. */
import { RunsClient, type TrackedRun } from "../../../server/runs.ts";
import { getWithin, make } from "../../element.ts";
import type { ConsoleSurroundings, ConsoleView } from "../shell/view.ts";
import { ComparePage } from "./compare_page.ts";
import { ListPage } from "./list_page.ts";
import { makeWayBack, type Page } from "./page.ts";
import { RunPage } from "./run_page.ts";
import { findPlace, type Place } from "./runs_address.ts";

export function makeRunsView(section: HTMLElement, around: ConsoleSurroundings): ConsoleView {
  return new RunsView(section, around);
}

class RunsView implements ConsoleView {
  readonly on = { run: (data: unknown) => this.page?.hear(data as TrackedRun) };
  private readonly section: HTMLElement;
  private readonly around: ConsoleSurroundings;
  private readonly runs: RunsClient;
  private readonly body = make("div", { class: "runs-body" });
  /** What is ticked in the list stays so while one looks at a run, or compares. */
  private readonly chosen = new Set<string>();
  private hash: string | undefined;
  private page: Page | undefined;

  constructor(section: HTMLElement, around: ConsoleSurroundings) {
    this.section = section;
    this.around = around;
    this.runs = new RunsClient(around.request);
    section.append(this.body);
  }

  open(hash: string): void {
    const place = findPlace(hash);
    if (this.page instanceof ListPage && place.page === "list" && !place.like)
      return this.page.follow(place.filter);
    if (hash === this.hash) return this.refresh();
    this.close();
    this.hash = hash;
    this.page = this.make(place);
    this.body.replaceChildren(this.page?.element ?? makeNowhere());
    this.showTitle(this.page?.title ?? "Runs");
    getWithin(this.section, "h1", HTMLElement).focus();
    this.refresh();
  }

  close(): void {
    this.page?.close();
    this.page = this.hash = undefined;
    this.body.replaceChildren();
    this.showTitle("Runs");
  }

  refresh(): void {
    this.page?.refresh();
  }

  look(): void {
    this.page?.look();
  }

  private make(place: Place): Page | undefined {
    const around = { ...this.around, runs: this.runs };
    if (place.page === "list") return new ListPage(around, place.filter, this.chosen, place.like);
    if (place.page === "run") return new RunPage(around, place.key);
    return place.page === "compared" ? new ComparePage(around, place.keys) : undefined;
  }

  private showTitle(title: string): void {
    getWithin(this.section, "h1", HTMLElement).textContent = title;
  }
}

function makeNowhere(): HTMLElement {
  const words = make("p", { class: "panel error", text: "This address names no run." });
  return make("div", { class: "runs-page" }, [makeWayBack(), words]);
}
