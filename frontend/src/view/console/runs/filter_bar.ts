/** Which runs are wanted: by state, kind, network and text. */
import type { RunFilter } from "../../../server/runs.ts";
import { make } from "../../element.ts";
import { COLUMNS, USUAL_SORT } from "./run_table.ts";
import { KINDS, STATES } from "./runs_address.ts";

/** After the last letter. */
const PAUSE_SECONDS = 0.4;

const SELECTS = { state: ["Any state", STATES], kind: ["Runs, no trials", KINDS] } as const;

export class FilterBar {
  readonly element: HTMLElement;
  private readonly selects: Readonly<Record<"state" | "kind" | "network" | "sort", HTMLSelectElement>>;
  private readonly text = make("input", {
    attributes: { id: "runs-filter-q", type: "search", placeholder: "Reason, notes, key", maxlength: "100" },
  });
  private readonly later: (seconds: number, callback: () => void) => void;
  private readonly onFilter: (filter: RunFilter) => void;
  private numTyped = 0;

  constructor(later: (seconds: number, callback: () => void) => void, onFilter: (filter: RunFilter) => void) {
    this.later = later;
    this.onFilter = onFilter;
    this.selects = {
      state: makeSelect("state", [["", SELECTS.state[0]], ...SELECTS.state[1].map(same)]),
      kind: makeSelect("kind", [["", SELECTS.kind[0]], ...SELECTS.kind[1].map(same)]),
      network: makeSelect("network", [["", "Any network"]]),
      sort: makeSelect("sort", listSorts()),
    };
    for (const select of Object.values(this.selects)) select.addEventListener("change", () => this.tell());
    this.text.addEventListener("input", () => this.hearLetter());
    this.element = make("div", { class: "run-filters", attributes: { role: "search" } }, [
      makeField("State", this.selects.state),
      makeField("Kind", this.selects.kind),
      makeField("Network", this.selects.network),
      makeField("Text", this.text),
      make("div", { class: "order" }, [makeField("Sort by", this.selects.sort)]),
    ]);
  }

  showNetworks(names: readonly string[]): void {
    const chosen = this.selects.network.value;
    this.selects.network.replaceChildren(
      ...[["", "Any network"] as const, ...names.map(same)].map(makeOption),
    );
    this.selects.network.value = chosen;
  }

  /** Show which are wanted; what somebody types is left alone. */
  show(filter: RunFilter): void {
    const { state, kind, network, sort } = this.selects;
    if (filter.network && !Array.from(network.options, ({ value }) => value).includes(filter.network))
      network.append(makeOption(same(filter.network)));
    state.value = filter.state ?? "";
    kind.value = filter.kind ?? "";
    network.value = filter.network ?? "";
    sort.value = filter.sort ?? USUAL_SORT;
    if (document.activeElement !== this.text) this.text.value = filter.q ?? "";
  }

  private hearLetter(): void {
    this.numTyped += 1;
    const num = this.numTyped;
    this.later(PAUSE_SECONDS, () => {
      if (num === this.numTyped) this.tell();
    });
  }

  private tell(): void {
    const { state, kind, network, sort } = this.selects;
    const wanted = {
      state: state.value,
      kind: kind.value,
      network: network.value,
      q: this.text.value.trim(),
      sort: sort.value,
    };
    const told = Object.entries(wanted).filter(
      ([name, value]) => value !== "" && !(name === "sort" && value === USUAL_SORT),
    );
    this.onFilter(Object.fromEntries(told) as RunFilter);
  }
}

type Option = readonly [value: string, text: string];

function same(name: string): Option {
  return [name, name];
}

/** Both ways of every column; for phones, which see no table heads. */
function listSorts(): Option[] {
  return COLUMNS.flatMap(({ title, by }): Option[] =>
    by === undefined
      ? []
      : [
          [`-${by}`, `${title}, falling`],
          [by, `${title}, rising`],
        ],
  );
}

function makeSelect(name: string, options: readonly Option[]): HTMLSelectElement {
  return make("select", { attributes: { id: `runs-filter-${name}` } }, options.map(makeOption));
}

function makeOption([value, text]: Option): HTMLOptionElement {
  return make("option", { text, attributes: { value } });
}

function makeField(title: string, control: HTMLElement): HTMLElement {
  return make("div", {}, [make("label", { text: title, attributes: { for: control.id } }), control]);
}
