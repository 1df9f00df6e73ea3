/** The part of the page about the shadow: since when, how it does beside the live version, and its end. */
import type { ShadowComparison, ShadowDecision, ShadowStanding } from "../../../server/shadow.ts";
import { make } from "../../element.ts";
import { drawBars } from "../charts/bar_chart.ts";
import { type Figure, makeFigure } from "../charts/figure.ts";
import { sayAgo, sayMoment, sayShare } from "../words.ts";
import { accuraciesOf } from "./comparison_words.ts";
import { listFigures, sayCautions, sayResult, tabulate } from "./shadow_words.ts";

export class ShadowPart {
  readonly body = make("div", { class: "body shadow" });
  private readonly head = make("div", { class: "shadow-head" });
  private readonly said = make("div", { class: "shadow-said", attributes: { "aria-live": "polite" } });
  private readonly figure: Figure = makeFigure("Right about each label", "shadow");
  private readonly onEnd: () => void;

  constructor(onEnd: () => void) {
    this.onEnd = onEnd;
  }

  /** Show how it stands. @param now in milliseconds since 1970. */
  show({ shadow, comparison }: ShadowStanding, now: number): void {
    if (shadow === null || comparison === null) {
      const words =
        "No version is being tried. \u201cTry\u201d one of the table: open pages then ask it about each finished drawing, too, without showing what it says.";
      return this.body.replaceChildren(make("p", { class: "detail", text: words }));
    }
    this.showHead(shadow, comparison.live, now);
    this.showSaid(comparison, shadow.version ?? "");
    this.showFigure(comparison);
    if (!this.body.contains(this.head)) {
      this.body.replaceChildren(this.head, this.said, this.figure.element);
    }
  }

  clear(): void {
    this.body.replaceChildren();
  }

  private showHead({ version, actor, reason, created_at: begun }: ShadowDecision, live: string, now: number) {
    const end = make("button", {
      class: "quiet",
      text: "End \u2026",
      attributes: { type: "button", "aria-label": "End the shadow" },
    });
    end.id = "models-end-shadow";
    end.addEventListener("click", this.onEnd);
    this.head.replaceChildren(
      make("div", {}, [
        make("p", { class: "figure" }, [
          make("code", { text: version ?? "" }),
          make("span", { class: "badge tried", text: "shadow" }),
        ]),
        make("p", {
          class: "detail",
          text: `since ${sayAgo(begun, now)}, by ${actor}: ${reason}`,
          title: sayMoment(begun),
        }),
        make("p", { class: "detail" }, ["Asked beside ", make("code", { text: live }), ", shown to nobody."]),
      ]),
      make("div", { class: "buttons" }, [end]),
    );
  }

  private showSaid(comparison: ShadowComparison, version: string): void {
    const figures = listFigures(comparison).map(({ name, value, more }) =>
      make("div", {}, [
        make("dt", { text: name }),
        make("dd", {}, [make("strong", { text: value }), make("span", { class: "detail", text: more })]),
      ]),
    );
    const cautions = sayCautions(comparison).map((text) => make("p", { class: "caution", text }));
    const result = make("p", { class: "shadow-result", text: sayResult(comparison, version) });
    // Only what has changed is said again to those who listen to the page.
    const next = [make("dl", { class: "shadow-figures" }, figures), result, ...cautions];
    if (next.map((each) => each.textContent).join() === this.said.dataset["said"]) return;
    this.said.dataset["said"] = next.map((each) => each.textContent).join();
    this.said.replaceChildren(...next);
  }

  private showFigure(comparison: ShadowComparison): void {
    const labels = Object.entries(comparison.labels);
    if (labels.length === 0) return this.figure.showEmpty("It fills as soon as somebody draws.");
    const accuracies = labels.map(([, tally]) => accuraciesOf(tally));
    const bars = drawBars({
      groups: labels.map(([label]) => label),
      series: [
        { name: "live", values: accuracies.map(([live]) => live) },
        { name: "shadow", values: accuracies.map(([, shadow]) => shadow) },
      ],
      yLabel: "right",
      yRange: [0, 1],
      format: sayShare,
    });
    this.figure.show(bars, tabulate(comparison));
  }
}
