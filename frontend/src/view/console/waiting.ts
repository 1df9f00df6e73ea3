/** How many new drawings wait for a run, and what has been drawn so far. */
import type { Statistics } from "../../server/operator.ts";
import { make } from "../element.ts";
import { sayAmount, sayNumber } from "./words.ts";

/** Show the statistics. */
export function showStatistics(body: HTMLElement, statistics: Statistics): void {
  const { num_waiting: waiting, delta_min_doodles: needed, num_doodles: all } = statistics;
  const share = Math.min(1, waiting / Math.max(1, needed));
  const filled = make("span", { class: "filled" });
  filled.style.setProperty("transform", `scaleX(${share.toFixed(3)})`);
  const bar = make("span", { class: "bar", attributes: { "aria-hidden": "true" } }, [filled]);
  body.replaceChildren(
    make("p", { class: "figure" }, [
      make("strong", { text: sayNumber(waiting) }),
      ` of ${sayNumber(needed)}`,
    ]),
    bar,
    make("p", { class: "detail", text: sayNext(waiting, needed) }),
    make("p", {
      class: "detail labels",
      text: `${sayAmount(all, "drawing")} in all: ${sayLabels(statistics)}`,
    }),
  );
}

function sayNext(waiting: number, needed: number): string {
  if (waiting >= needed) return "Enough for a run: the next one takes them all.";
  return `${sayAmount(needed - waiting, "more drawing")} and a run is queued by itself.`;
}

function sayLabels({ labels }: Statistics): string {
  return Object.entries(labels)
    .map(([name, count]) => `${name} ${sayNumber(count)}`)
    .join(", ");
}
