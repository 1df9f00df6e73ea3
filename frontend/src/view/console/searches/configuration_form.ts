/** The parts of the form that says what to search. */
import {
  type Configuration,
  METHODS,
  type Plan,
  type PlanOrder,
  type Property,
} from "../../../server/searches.ts";
import { make } from "../../element.ts";
import { type Fault, isVaried, sayBounds, sayChoice } from "./configuration_text.ts";
import { METHOD_WORDS } from "./search_words.ts";

const USUAL_TRIALS = 20;
/** It is long and can wait: what comes from the drawings goes before it. */
export const USUAL_PRIORITY = -1;

export interface Fields {
  readonly text: HTMLTextAreaElement;
  readonly file: HTMLInputElement;
  readonly method: HTMLSelectElement;
  readonly trials: HTMLInputElement;
  readonly pruning: HTMLInputElement;
  readonly name: HTMLInputElement;
  readonly priority: HTMLInputElement;
}

export function makeFields(): Fields {
  const number = (id: string, low: number, high: number, value: number) =>
    make("input", {
      attributes: {
        id,
        type: "number",
        min: String(low),
        max: String(high),
        value: String(value),
        required: "",
      },
    });
  const options = METHODS.map((each) =>
    make("option", { text: METHOD_WORDS[each], attributes: { value: each } }),
  );
  return {
    text: make("textarea", {
      attributes: {
        id: "searches-text",
        rows: "14",
        spellcheck: "false",
        autocapitalize: "off",
        "aria-describedby": "searches-faults searches-taken",
      },
    }),
    file: make("input", {
      attributes: { id: "searches-file", type: "file", accept: ".json,application/json" },
    }),
    method: make("select", { attributes: { id: "searches-method" } }, options),
    trials: number("searches-trials", 1, 500, USUAL_TRIALS),
    pruning: make("input", { attributes: { id: "searches-pruning", type: "checkbox" } }),
    name: make("input", { attributes: { id: "searches-name", maxlength: "100", autocomplete: "off" } }),
    priority: number("searches-priority", -10, 10, USUAL_PRIORITY),
  };
}

/** A field under its name. */
export function makeField(input: HTMLElement, title: string, hint = ""): HTMLElement {
  const label = make("label", { text: title, attributes: { for: input.id } });
  const words = hint === "" ? [] : [make("span", { class: "detail", text: hint })];
  return make("div", { class: "field" }, [label, input, ...words]);
}

/** What the fields say of a search. */
export function readOrder(fields: Fields, configuration: Configuration, previous: Configuration): PlanOrder {
  const method = METHODS.find((each) => each === fields.method.value) ?? "grid";
  const order = { configuration, previous, method };
  return method === "grid" ? order : { ...order, num_trials: fields.trials.valueAsNumber };
}

/** Show a configuration as a table; what differs from trial to trial, and what is new in it, stands out. */
export function showConfiguration(
  body: HTMLElement,
  configuration: Configuration,
  changed: readonly string[],
): void {
  const rows = Object.entries(configuration).map(([name, choice]) => {
    const kind = [isVaried(choice) ? "varied" : "", changed.includes(name) ? "changed" : ""].join(" ").trim();
    const cells = [
      make("th", { text: name, attributes: { scope: "row" } }),
      make("td", { text: sayChoice(choice) }),
    ];
    return make("tr", { class: kind, data: { property: name } }, cells);
  });
  body.replaceChildren(...rows);
}

export function showFaults(list: HTMLElement, faults: readonly Fault[]): void {
  const items = faults.map(({ name, words }) => {
    const label = name === "" ? [] : [make("code", { text: name }), " "];
    return make("li", { data: { property: name } }, [...label, words]);
  });
  list.replaceChildren(...items);
}

/** The parameters of each trial, as far as they are known before. */
export function makeTrialList({ trials, num_combinations: all }: Plan): HTMLElement | undefined {
  const [first] = trials;
  if (first === undefined) return undefined;
  const names = [...new Set(trials.flatMap((each) => Object.keys(each)))];
  const head = [make("td"), ...names.map((text) => make("th", { text, attributes: { scope: "col" } }))];
  const rows = trials.map((each, index) =>
    make("tr", {}, [
      make("td", { text: String(index + 1) }),
      ...names.map((name) => make("td", { text: String(each[name] ?? "\u2013") })),
    ]),
  );
  const table = make("table", { class: "plain" }, [
    make("thead", {}, [make("tr", {}, head)]),
    make("tbody", {}, rows),
  ]);
  const rest = all - trials.length;
  const more = rest > 0 ? [make("p", { class: "detail", text: `and ${rest} more` })] : [];
  return make(
    "div",
    { class: "scroll", attributes: { tabindex: "0", role: "region", "aria-label": "Parameters of each" } },
    [table, ...more],
  );
}

/** What may be varied, within which bounds, and for which networks. */
export function makePropertyList(properties: readonly Property[]): HTMLElement {
  const rows = properties.map((property) =>
    make("tr", {}, [
      make("th", { text: property.name, attributes: { scope: "row" } }),
      make("td", { text: sayBounds(property) }),
      make("td", { text: property.networks.join(", ") }),
    ]),
  );
  const head = ["property", "may be", "means something to"].map((text) =>
    make("th", { text, attributes: { scope: "col" } }),
  );
  const table = make("table", { class: "plain configuration" }, [
    make("thead", {}, [make("tr", {}, head)]),
    make("tbody", {}, rows),
  ]);
  const words =
    'A list is several values. For random and TPE, {"min": 0.0001, "max": 0.01, "log": true} is a range; null is the default.';
  return make("details", {}, [
    make("summary", { text: "What may be varied" }),
    make("p", { class: "detail", text: words }),
    make("div", { class: "scroll" }, [table]),
  ]);
}
