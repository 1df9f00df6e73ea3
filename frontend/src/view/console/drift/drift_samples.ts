/** Drawings of now and before, side by side. */
import type { Check, SampleDrawing } from "../../../server/drift.ts";
import { make } from "../../element.ts";
import { paintBitmap } from "../bitmap.ts";

const TITLES = { chance: "Some drawings of both", difference: "Drawings that tell now from before" } as const;

const WORDS = {
  chance: "Taken evenly from both samples.",
  difference:
    "Now: those least like what was drawn before, as the live version sees them. Before: those least like what is drawn now.",
} as const;

export class DriftSamples {
  readonly element: HTMLElement;
  private readonly title = make("h2");
  private readonly words = make("p", { class: "detail" });
  private readonly now = make("ul", { class: "drift-drawings", attributes: { "aria-label": "Drawn now" } });
  private readonly before = make("ul", {
    class: "drift-drawings",
    attributes: { "aria-label": "Drawn before" },
  });

  constructor() {
    const both = [this.before, this.now].map((list, index) =>
      make("div", { class: "panel" }, [make("h3", { text: index === 0 ? "Before" : "Now" }), list]),
    );
    const pair = make("div", { class: "drift-pair" }, both);
    this.element = make("section", { class: "drift-samples" }, [this.title, this.words, pair]);
  }

  show({ samples }: Check): void {
    this.title.textContent = TITLES[samples.chosen_by];
    this.words.textContent = WORDS[samples.chosen_by];
    this.now.replaceChildren(...samples.now.map(makeDrawing));
    this.before.replaceChildren(...samples.before.map(makeDrawing));
  }

  clear(): void {
    this.now.replaceChildren();
    this.before.replaceChildren();
  }
}

function makeDrawing({ bitmap, height, width, label }: SampleDrawing): HTMLElement {
  return make("li", {}, [paintBitmap(bitmap, height, width), make("span", { text: label })]);
}
