/** The top three guesses with their bars; rows are kept and changed, so that the bars move. */
import { say, sayName } from "../../messages/index.ts";
import { tell } from "../../messages/page_words.ts";
import type { Guess, RankedLabel } from "../../predict/guess.ts";
import { make } from "../element.ts";
import { sayPercent } from "../percent.ts";

const NUM_SHOWN = 3;

export interface GuessElements {
  readonly list: HTMLElement;
  readonly hint: HTMLElement;
}

/** Show a guess; undefined clears the list for an empty sheet. */
export function showGuess({ list, hint }: GuessElements, guess: Guess | undefined): void {
  list.classList.toggle("unknown", guess?.unknown ?? false);
  tell(hint, () => sayHint(guess));
  hint.hidden = hint.textContent === "";
  const shown = guess?.ranked.slice(0, NUM_SHOWN) ?? [];
  while (list.children.length > shown.length) list.lastElementChild?.remove();
  shown.forEach((ranked, index) => {
    const row = list.children[index] ?? list.appendChild(makeRow());
    fillRow(row as HTMLElement, ranked);
  });
}

function sayHint(guess: Guess | undefined): string {
  if (!guess) return say("page.start");
  return guess.unknown ? say("page.not_known") : "";
}

function makeRow(): HTMLElement {
  return make("li", {}, [
    make("span", { class: "emoji", attributes: { "aria-hidden": "true" } }),
    make("span", { class: "name" }),
    make("span", { class: "share" }),
    make("span", { class: "bar" }, [make("span", { class: "filled" })]),
  ]);
}

function fillRow(row: HTMLElement, { label, confidence }: RankedLabel): void {
  row.dataset["label"] = label.name;
  fill(row, ".emoji", label.emoji);
  fill(row, ".name", sayName(label));
  fill(row, ".share", sayPercent(confidence));
  const filled = row.querySelector<HTMLElement>(".filled");
  filled?.style.setProperty("transform", `scaleX(${confidence.toFixed(3)})`);
}

function fill(row: HTMLElement, selector: string, text: string): void {
  const part = row.querySelector(selector);
  if (part && part.textContent !== text) part.textContent = text;
}
