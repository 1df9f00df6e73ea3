/** Tables with a column a run: what each was told, and what came of it. */
import type { TrackedRun } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { sayShare } from "../words.ts";
import { compareArguments } from "./differences.ts";
import { findBest, listMeasures, type Measured } from "./measures.ts";
import { sayName } from "./order_words.ts";
import { makeButton } from "./page.ts";
import { makeRunLink } from "./run_facts.ts";
import { makeState } from "./run_table.ts";
import { NOTHING, sayTook, sayValue } from "./run_words.ts";

type OnDrop = ((key: string) => void) | undefined;

/** @param onDrop takes a run out of the comparison; undefined where it must stay. */
export function makeArguments(
  runs: readonly TrackedRun[],
  onlyDifferent: boolean,
  onDrop: OnDrop,
): HTMLElement {
  const properties = compareArguments(runs).filter(({ isDifferent }) => isDifferent || !onlyDifferent);
  const rows = properties.map(({ name, values, isDifferent }) =>
    makeRow(
      sayName(name),
      values.map((value) => make("td", { text: sayValue(value), class: isDifferent ? "differs" : "" })),
    ),
  );
  const none = make("td", {
    class: "detail",
    text: "They were told the same.",
    attributes: { colspan: "9" },
  });
  return makeTable(runs, rows.length > 0 ? rows : [make("tr", {}, [none])], onDrop);
}

/** @param now in milliseconds since 1970. */
export function makeScores(runs: readonly TrackedRun[], now: number): HTMLElement {
  const measured = runs.map(({ metrics }) => listMeasures(metrics));
  const names = [...new Set(measured.flatMap((each) => each.map(({ name }) => name)))];
  const find = (name: string) => measured.map((each) => each.find((one) => one.name === name));
  return makeTable(runs, [
    makeRow(
      "State",
      runs.map((run) => make("td", {}, [makeState(run)])),
    ),
    makeRow(
      "Time",
      runs.map((run) => make("td", { text: sayTook(run, now) || NOTHING })),
    ),
    ...names.flatMap((name) => [
      makeScore(`${sayName(name)}: accuracy`, find(name), ({ accuracy }) => accuracy, "high", sayShare),
      makeScore(
        `${sayName(name)}: log-loss`,
        find(name),
        ({ log_loss: loss }) => loss,
        "low",
        (loss) => loss.toFixed(3),
      ),
    ]),
  ]);
}

function makeScore(
  title: string,
  measured: readonly (Measured | undefined)[],
  read: (one: Measured) => number | null,
  best: "high" | "low",
  say: (value: number) => string,
): HTMLElement {
  const values = measured.map((one) => (one ? read(one) : null));
  const winner = findBest(values, best);
  const cells = values.map((value) =>
    make("td", {
      text: value === null ? NOTHING : say(value),
      class: value !== null && value === winner ? "wins" : "",
    }),
  );
  return makeRow(title, cells);
}

function makeRow(title: string, cells: readonly HTMLElement[]): HTMLElement {
  return make("tr", {}, [make("th", { text: title, attributes: { scope: "row" } }), ...cells]);
}

function makeTable(runs: readonly TrackedRun[], rows: readonly HTMLElement[], onDrop?: OnDrop): HTMLElement {
  const heads = runs.map(({ key, network, kind }) => {
    const drop = onDrop ? [makeDrop(key, onDrop)] : [];
    const words = make("span", { class: "detail", text: network ?? kind });
    return make("th", { data: { run: key }, attributes: { scope: "col" } }, [
      makeRunLink(key),
      words,
      ...drop,
    ]);
  });
  return make("table", { class: "plain side-by-side" }, [
    make("thead", {}, [make("tr", {}, [make("td"), ...heads])]),
    make("tbody", {}, rows),
  ]);
}

function makeDrop(key: string, onDrop: (key: string) => void): HTMLElement {
  const button = makeButton("Leave out", "drop", () => onDrop(key));
  button.setAttribute("aria-label", `Leave run ${key.slice(0, 8)} out`);
  return button;
}
