/** Live curves: a chart a measure, by step or by epoch, smooth if wanted. */
import { make } from "../../element.ts";
import { type Figure, makeFigure } from "../charts/figure.ts";
import { drawLines } from "../charts/line_chart.ts";
import {
  chartMeasure,
  MEASURES,
  type Measure,
  type Settings,
  type Traced,
  titleOf,
  USUAL,
} from "./curve_charts.ts";

/** Beyond that a line tells nothing of its run any more. */
const MOST_SMOOTH = 0.98;

const EMPTY: Readonly<Record<Measure, string>> = {
  loss: "No loss yet: it comes with the first steps.",
  accuracy: "No accuracy yet: it comes with the first steps.",
  learning_rate: "No learning rate yet: it comes with the first steps.",
};

export class CurvesPanel {
  readonly element: HTMLElement;
  private readonly figures: ReadonlyMap<Measure, Figure>;
  private readonly by = makeSelect();
  private readonly log = make("input", { attributes: { id: "runs-curves-log", type: "checkbox" } });
  private readonly slider = make("input", {
    attributes: {
      id: "runs-curves-smooth",
      type: "range",
      min: "0",
      max: String(MOST_SMOOTH),
      step: "0.02",
      value: "0",
    },
  });
  private readonly amount = make("output", { text: "off", attributes: { for: "runs-curves-smooth" } });
  private settings: Settings = USUAL;
  private runs: readonly Traced[] = [];
  private isPlanned = false;
  /** Where the pointer rests on a chart. */
  private pointer: { readonly clientX: number; readonly clientY: number } | undefined;

  constructor() {
    this.figures = new Map(
      MEASURES.map((measure) => [measure, makeFigure(titleOf(measure), `curve-${measure}`)]),
    );
    this.by.addEventListener("change", () => this.change());
    this.log.addEventListener("change", () => this.change());
    this.slider.addEventListener("input", () => this.change());
    this.element = make(
      "section",
      { class: "panel part curves", attributes: { "aria-labelledby": "runs-curves" } },
      [
        make("h2", { text: "Curves", attributes: { id: "runs-curves" } }),
        this.makeTools(),
        make(
          "div",
          { class: "charts" },
          [...this.figures.values()].map(({ element }) => element),
        ),
      ],
    );
    this.followPointer();
  }

  /** Show curves; drawn once before the next frame, however often they grow until then. */
  show(runs: readonly Traced[]): void {
    this.runs = runs;
    if (this.isPlanned) return;
    this.isPlanned = true;
    requestAnimationFrame(() => {
      this.isPlanned = false;
      this.draw();
    });
  }

  private change(): void {
    const smoothing = Number(this.slider.value);
    this.settings = { by: this.by.value === "epoch" ? "epoch" : "step", smoothing, isLog: this.log.checked };
    this.amount.textContent = smoothing === 0 ? "off" : smoothing.toFixed(2);
    this.slider.disabled = this.settings.by === "epoch";
    this.draw();
  }

  /** A chart that grows under the pointer goes on telling what is there. */
  private followPointer(): void {
    this.element.addEventListener("pointermove", ({ isTrusted, clientX, clientY }) => {
      if (isTrusted) this.pointer = { clientX, clientY };
    });
    this.element.addEventListener("pointerleave", () => {
      this.pointer = undefined;
    });
  }

  private pointAgain(): void {
    const { pointer } = this;
    if (pointer === undefined) return;
    const room = document.elementFromPoint(pointer.clientX, pointer.clientY)?.closest(".chart-room");
    room?.dispatchEvent(new PointerEvent("pointermove", pointer));
  }

  private draw(): void {
    for (const [measure, figure] of this.figures) {
      const made = chartMeasure(this.runs, measure, this.settings);
      if (made) figure.show(drawLines(made.chart), made.table);
      else figure.showEmpty(EMPTY[measure]);
    }
    // It fits its room by then.
    requestAnimationFrame(() => this.pointAgain());
  }

  private makeTools(): HTMLElement {
    return make("div", { class: "curve-tools" }, [
      make("label", {}, ["By ", this.by]),
      make("label", { class: "check" }, [this.log, "Logarithmic"]),
      make("label", { class: "smoothing" }, ["Smoothing ", this.slider, this.amount]),
    ]);
  }
}

function makeSelect(): HTMLSelectElement {
  const options = ["step", "epoch"].map((name) =>
    make("option", { text: name, attributes: { value: name } }),
  );
  return make("select", { attributes: { id: "runs-curves-by" } }, options);
}
