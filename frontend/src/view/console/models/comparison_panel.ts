/** Two versions side by side, on the same held-out drawings. */
import type { Comparison, HoldoutComparison, Tally } from "../../../server/models.ts";
import { make } from "../../element.ts";
import { sayNumber, sayShare } from "../words.ts";
import { accuraciesOf, findWinner, sayOutcome, sayP } from "./comparison_words.ts";

/** Show a comparison in place of what was there. */
export function showComparison(body: HTMLElement, comparison: Comparison): void {
  const { version: first, with: second, holdouts } = comparison;
  if (holdouts.length === 0) {
    const words =
      "There are no held-out drawings yet to compare on. They come with base data, and with what people draw.";
    return body.replaceChildren(make("p", { text: words }));
  }
  body.replaceChildren(...holdouts.map((holdout) => makeHoldout(holdout, first, second)));
}

function makeHoldout(holdout: HoldoutComparison, first: string, second: string): HTMLElement {
  const rows = Object.entries(holdout.labels).map(([label, tally]) => makeRow(label, tally, first, second));
  const head = [
    "Label",
    "Drawings",
    `${first} right`,
    `${second} right`,
    `Only ${first}`,
    `Only ${second}`,
    "p",
  ];
  const table = make("table", { class: "plain comparison" }, [
    make("thead", {}, [
      make(
        "tr",
        {},
        head.map((text) => make("th", { text, attributes: { scope: "col" } })),
      ),
    ]),
    make("tbody", {}, [...rows, makeRow("all", holdout.all, first, second)]),
  ]);
  return make("section", {}, [
    make("h3", { text: `On ${holdout.name} drawings` }),
    make("p", { text: sayOutcome(holdout.all, first, second) }),
    make("div", { class: "scroll" }, [table]),
  ]);
}

function makeRow(label: string, tally: Tally, first: string, second: string): HTMLElement {
  const [left, right] = accuraciesOf(tally);
  const winner = findWinner(tally);
  const cell = (column: string, text: string, wins = false) =>
    make("td", { text, class: wins ? "wins" : "", data: { column } });
  return make("tr", { class: label === "all" ? "all" : "" }, [
    make("td", {}, [make("strong", { text: label })]),
    cell("Drawings", sayNumber(tally.num_doodles)),
    cell(`${first} right`, sayShare(left), winner === "first"),
    cell(`${second} right`, sayShare(right), winner === "second"),
    cell(`Only ${first}`, sayNumber(tally.num_first)),
    cell(`Only ${second}`, sayNumber(tally.num_second)),
    cell("p", sayP(tally.p_value).replace("= ", "")),
  ]);
}
