/** One drawing: as it was drawn, as the model saw it, and what the model made of it. */
import { type MessageKey, say, sayName } from "../../../messages/index.ts";
import type { Label } from "../../../predict/manifest.ts";
import { make } from "../../element.ts";
import { sayPercent } from "../../percent.ts";
import type { Drawn } from "../game.ts";
import type { Thought } from "../thoughts.ts";
import { paintAsDrawn, paintAsSeen } from "./pictures.ts";
import { saySeconds } from "./verdict_words.ts";

/** Canvas pixels of the large picture. */
const SIDE = 640;

const NUM_RANKED = 3;

/** The way there is told by its last steps. */
const NUM_THOUGHTS = 5;

/** Make the parts of the closer look, in their order. */
export function makeCloserLook(drawn: Drawn): HTMLElement[] {
  const { sketch } = drawn;
  const seen = paintAsSeen(sketch);
  const grid = make("div", { class: "grid" }, [seen]);
  grid.style.setProperty("--cells", String(sketch.width));
  const about = say("game.pixels", { width: sketch.width, height: sketch.height });
  return [
    makePart("game.your_drawing", [paintAsDrawn(drawn.drawing, SIDE)]),
    makePart("game.what_i_saw", [grid, make("p", { class: "detail", text: about })]),
    makePart("game.second_thoughts", makeThoughts(drawn)),
  ];
}

function makePart(title: MessageKey, parts: readonly HTMLElement[]): HTMLElement {
  return make("section", { class: "part panel" }, [make("h2", { text: say(title) }), ...parts]);
}

function makeThoughts({ guess, thoughts }: Drawn): HTMLElement[] {
  if (!guess) return [make("p", { text: say("page.no_guess") })];
  const ranked = guess.ranked
    .slice(0, NUM_RANKED)
    .map(({ label, confidence }) => makeRank(label, confidence));
  const unknown = guess.unknown ? [make("p", { class: "detail", text: say("page.not_known") })] : [];
  return [
    ...unknown,
    make("ol", { class: guess.unknown ? "ranks unknown" : "ranks" }, ranked),
    make("h3", { text: say("game.first_thought") }),
    make("ol", { class: "path" }, thoughts.slice(-NUM_THOUGHTS).map(makeThought)),
  ];
}

function makeRank(label: Label, confidence: number): HTMLElement {
  const filled = make("span", { class: "filled" });
  filled.style.setProperty("transform", `scaleX(${confidence.toFixed(3)})`);
  return make("li", {}, [
    makeEmoji(label.emoji),
    make("span", { class: "name", text: sayName(label) }),
    make("span", { class: "share", text: sayPercent(confidence) }),
    make("span", { class: "bar" }, [filled]),
  ]);
}

function makeThought({ label, atSeconds }: Thought): HTMLElement {
  return make("li", {}, [
    makeEmoji(label?.emoji ?? "\u2026"),
    make("span", { class: "name", text: label ? sayName(label) : say("game.nothing_known") }),
    make("span", { class: "share", text: say("game.at_seconds", { seconds: saySeconds(atSeconds) }) }),
  ]);
}

function makeEmoji(text: string): HTMLElement {
  return make("span", { class: "emoji", text, attributes: { "aria-hidden": "true" } });
}
