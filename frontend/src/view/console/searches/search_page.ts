/** One search as it goes on: how far it is, what it has found, and what can be done about it. */
import type { Progress } from "../../../server/operator.ts";
import type { Search, Trial } from "../../../server/searches.ts";
import { make } from "../../element.ts";
import { drawBars } from "../charts/bar_chart.ts";
import { makeFigure } from "../charts/figure.ts";
import { drawHeatMap } from "../charts/heat_map.ts";
import { drawLines } from "../charts/line_chart.ts";
import { drawParallel } from "../charts/parallel.ts";
import { sayValue } from "../charts/ticks.ts";
import { sayAgo, sayMoment, sayShare } from "../words.ts";
import { sayChoice } from "./configuration_text.ts";
import { chartCourse, chartImportances, drawLandscape, listDiffering } from "./search_charts.ts";
import { makeBar } from "./search_list.ts";
import { listActions, sayCounts, sayMethod, sayTime } from "./search_words.ts";
import { TrialTable } from "./trial_table.ts";

export interface SearchActions {
  readonly onStop: () => void;
  readonly onResume: () => void;
  readonly onExtend: () => void;
  /** A trial is to become a candidate. */
  readonly onCandidate: (trial: number) => void;
}

const TITLES: Readonly<Record<string, string>> = {
  stop: "Stop",
  resume: "Resume",
  extend: "Extend \u2026",
  candidate: "Make the best a candidate \u2026",
};

export class SearchPage {
  readonly element: HTMLElement;
  private readonly standing = make("div", { class: "search-standing" });
  private readonly buttons = make("div", { class: "search-actions" });
  private readonly landscape = makeFigure("Accuracy by what was tried", "search-accuracy");
  private readonly importances = makeFigure("What matters", "search-importances");
  private readonly course = makeFigure("Accuracy, trial by trial", "search-course");
  private readonly table: TrialTable;
  private readonly actions: SearchActions;
  private told = { page: "", charts: "" };

  constructor(actions: SearchActions) {
    this.actions = actions;
    this.table = new TrialTable(({ trial }) => actions.onCandidate(trial));
    const back = make("p", { class: "onward" }, [
      make("a", { text: "All searches, and a new one", attributes: { href: "#searches" } }),
    ]);
    const stands = make("section", { class: "panel part", attributes: { "aria-label": "How it stands" } }, [
      this.standing,
      this.buttons,
    ]);
    const results = make("section", { class: "panel part", attributes: { "aria-label": "Results" } }, [
      make("div", { class: "charts" }, [
        this.landscape.element,
        this.course.element,
        this.importances.element,
      ]),
    ]);
    this.element = make("div", { class: "search-page" }, [back, stands, results, this.table.element]);
    this.course.element.classList.add("course");
    this.clear();
  }

  clear(): void {
    this.told = { page: "", charts: "" };
    this.standing.replaceChildren(make("p", { class: "detail", text: "Loading \u2026" }));
    this.buttons.replaceChildren();
    this.table.clear();
    for (const figure of [this.landscape, this.importances, this.course]) figure.showEmpty("Loading \u2026");
  }

  /** Say why it cannot be shown. */
  complain(words: string): void {
    this.clear();
    this.standing.replaceChildren(make("p", { class: "error", text: words }));
    for (const figure of [this.landscape, this.importances, this.course]) figure.showEmpty("\u2013");
  }

  /** @param now in milliseconds since 1970. @param progress of the runs that go on, by key. */
  show(search: Search, trials: readonly Trial[], progress: ReadonlyMap<string, Progress>, now: number): void {
    this.showStanding(search, now);
    this.showCharts(search, trials);
    const properties = listDiffering(search, trials);
    this.table.show({ trials, properties, best: search.best?.trial, progress });
  }

  private showStanding(search: Search, now: number): void {
    const told = JSON.stringify([search, sayAgo(search.created_at, now)]);
    if (told === this.told.page) return;
    this.told.page = told;
    const by = `${sayMethod(search)}, ordered ${sayAgo(search.created_at, now)} by ${search.requested_by}`;
    const stopped = search.stopped_by === null ? "" : ` Stopped by ${search.stopped_by}.`;
    this.standing.replaceChildren(
      make("p", {}, [
        make("span", { class: `state ${search.state}`, text: search.state }),
        ` ${sayCounts(search)}; ${sayTime(search)}.${stopped}`,
      ]),
      makeBar(search),
      make("p", { class: "detail", text: by, title: sayMoment(search.created_at) }),
      ...(search.reason === "" ? [] : [make("p", { class: "detail", text: search.reason })]),
      makeBest(search),
      makeConfiguration(search),
    );
    this.showActions(search);
  }

  private showActions(search: Search): void {
    const wanted = listActions(search);
    const shown = [...this.buttons.children].map((each) => (each as HTMLElement).dataset["action"]);
    if (shown.join() === wanted.join()) return;
    this.buttons.replaceChildren(...wanted.map((action) => this.makeButton(action)));
  }

  private makeButton(action: string): HTMLElement {
    const kind = action === "candidate" ? "primary" : "quiet";
    const attributes = { type: "button" };
    const button = make("button", { class: kind, text: TITLES[action] ?? "", attributes, data: { action } });
    button.addEventListener("click", () => this.act(action));
    return button;
  }

  private act(action: string): void {
    const { onStop, onResume, onExtend, onCandidate } = this.actions;
    if (action === "stop") onStop();
    else if (action === "resume") onResume();
    else if (action === "extend") onExtend();
    else onCandidate(-1);
  }

  /** Only when there is something new to draw. */
  private showCharts(search: Search, trials: readonly Trial[]): void {
    const measured = trials.map(({ trial, params, metrics }) => [trial, params, metrics?.accuracy ?? null]);
    const told = JSON.stringify([measured, search.importances]);
    if (told === this.told.charts) return;
    this.told.charts = told;
    this.showLandscape(search, trials);
    const importances = chartImportances(search);
    if (importances) this.importances.show(drawBars(importances.chart), importances.table);
    else this.importances.showEmpty("Not known yet: it takes several trials that differ.");
    const course = chartCourse(trials);
    if (course) this.course.show(drawLines(course.chart), course.table);
    else this.course.showEmpty("No trial has been measured yet.");
  }

  private showLandscape(search: Search, trials: readonly Trial[]): void {
    const found = drawLandscape(search, trials);
    this.landscape.element.classList.toggle("wide", found?.kind === "parallel");
    if (found === undefined) this.landscape.showEmpty("No trial has been measured yet.");
    else if (found.kind === "heat") this.landscape.show(drawHeatMap(found.map), found.table);
    else this.landscape.show(drawParallel(found.chart), found.table);
  }
}

function makeBest({ best, configuration }: Search): HTMLElement {
  if (best === null) return make("p", { class: "search-best", text: "Best: none yet." });
  const params = Object.entries(best.params)
    .filter(([name]) => Array.isArray(configuration[name]) || typeof configuration[name] === "object")
    .map(([name, value]) => `${name} ${typeof value === "number" ? sayValue(value) : value}`)
    .join(", ");
  return make("p", { class: "search-best" }, [
    "Best: ",
    make("strong", { text: `trial ${best.trial}, ${sayShare(best.accuracy)}` }),
    params === "" ? "" : ` with ${params}`,
    make("span", { class: "detail", text: "on drawings held back from training" }),
  ]);
}

function makeConfiguration({ configuration }: Search): HTMLElement {
  const rows = Object.entries(configuration).map(([name, choice]) =>
    make("tr", {}, [
      make("th", { text: name, attributes: { scope: "row" } }),
      make("td", { text: sayChoice(choice) }),
    ]),
  );
  return make("details", {}, [
    make("summary", { text: "Configuration" }),
    make("div", { class: "scroll" }, [
      make("table", { class: "plain configuration" }, [make("tbody", {}, rows)]),
    ]),
  ]);
}
