/** Which doodles are shown: every choice is an address, so that it can be gone back from. */
import type { GalleryFilter } from "../../../server/gallery.ts";
import type { LabelWords } from "../../../server/operator.ts";
import { make } from "../../element.ts";
import { countFilters, doodlesAddress, EVERY_DOODLE } from "./doodles_address.ts";

export interface Choices {
  readonly labels: readonly LabelWords[];
  readonly versions: readonly string[];
}

const STATUS_NAMES: Readonly<Record<GalleryFilter["status"], string>> = {
  any: "any",
  accepted: "accepted",
  quarantined: "in quarantine",
  rejected: "rejected",
};

export class DoodleFilters {
  readonly element: HTMLDetailsElement;
  private readonly summary = make("summary");
  private readonly body = make("div", { class: "fields" });
  private readonly onChoice: (filter: GalleryFilter) => void;

  /** @param more stands below them. @param onChoice other doodles are wanted. */
  constructor(more: HTMLElement, onChoice: (filter: GalleryFilter) => void) {
    this.onChoice = onChoice;
    this.element = make("details", { class: "doodle-filters" }, [this.summary, this.body, more]);
    // On a phone the drawings come first.
    this.element.open = matchMedia("(min-width: 720px)").matches;
  }

  /** Show what is chosen; what has the focus keeps it. */
  show(filter: GalleryFilter, choices: Choices): void {
    const number = countFilters(filter);
    this.summary.textContent = number === 0 ? "Filters and export" : `Filters (${number}) and export`;
    const focused = this.body.contains(document.activeElement) ? document.activeElement?.id : undefined;
    this.body.replaceChildren(...this.makeFields(filter, choices));
    if (focused) document.getElementById(focused)?.focus();
  }

  private makeFields(filter: GalleryFilter, { labels, versions }: Choices): HTMLElement[] {
    const names = labels.map(({ name }) => name);
    const choose = (change: Partial<GalleryFilter>) => this.onChoice({ ...filter, ...change });
    const statuses = Object.entries(STATUS_NAMES).map(([value, text]) => ({ value, text }));
    return [
      makeChoice("Label", filter.label, asOptions(names, filter.label), (label) => choose({ label })),
      makeChoice("Guess", filter.guess, asOptions(names, filter.guess), (guess) => choose({ guess })),
      makeCheck("Wrong guesses only", filter.wrong, (wrong) => choose({ wrong })),
      makeSelect("Status", filter.status, statuses, (status) =>
        choose({ status: status as GalleryFilter["status"] }),
      ),
      makeChoice("Version", filter.version, asOptions(versions, filter.version), (version) =>
        choose({ version }),
      ),
      makeInput("From", "date", filter.from, (from) => choose({ from })),
      makeInput("To", "date", filter.to, (to) => choose({ to })),
      makeContributor(filter.contributor, (contributor) => choose({ contributor })),
      makeReset(filter),
    ];
  }
}

interface Option {
  readonly value: string;
  readonly text: string;
}

/** What stands in the address may be asked for, whether it is there or not. */
function asOptions(names: readonly string[], chosen: string | undefined): Option[] {
  const all = new Set([...names, ...(chosen === undefined ? [] : [chosen])]);
  return [{ value: "", text: "any" }, ...[...all].map((name) => ({ value: name, text: name }))];
}

function makeChoice(
  name: string,
  chosen: string | undefined,
  options: readonly Option[],
  onChoice: (value: string | undefined) => void,
): HTMLElement {
  return makeSelect(name, chosen ?? "", options, (value) => onChoice(value || undefined));
}

function makeSelect(
  name: string,
  chosen: string,
  options: readonly Option[],
  onChoice: (value: string) => void,
): HTMLElement {
  const id = idOf(name);
  const list = options.map(({ value, text }) => make("option", { text, attributes: { value } }));
  const select = make("select", { attributes: { id } }, list);
  select.value = chosen;
  select.addEventListener("change", () => onChoice(select.value));
  return makeField(name, id, select);
}

function makeInput(
  name: string,
  type: string,
  value: string | undefined,
  onChange: (value: string | undefined) => void,
): HTMLElement {
  const id = idOf(name);
  const input = make("input", { attributes: { id, type, value: value ?? "" } });
  input.addEventListener("change", () => onChange(input.value || undefined));
  return makeField(name, id, input);
}

function makeContributor(
  value: string | undefined,
  onChange: (value: string | undefined) => void,
): HTMLElement {
  const id = idOf("Contributor");
  const attributes = {
    id,
    value: value ?? "",
    pattern: "[0-9a-f]{8}",
    maxlength: "8",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    placeholder: "8 digits",
  };
  const input = make("input", { attributes });
  input.addEventListener("change", () => {
    input.value = input.value.trim().toLowerCase();
    if (input.validity.valid) onChange(input.value || undefined);
    else input.reportValidity();
  });
  return makeField("Contributor", id, input);
}

function makeCheck(name: string, isOn: boolean, onChange: (isOn: boolean) => void): HTMLElement {
  const id = idOf(name);
  const box = make("input", { attributes: { id, type: "checkbox" } });
  box.checked = isOn;
  box.addEventListener("change", () => onChange(box.checked));
  return make("label", { class: "check", attributes: { for: id } }, [box, name]);
}

function makeReset(filter: GalleryFilter): HTMLElement {
  const link = make("a", {
    class: "chip-link",
    text: "Show all",
    attributes: { href: doodlesAddress(EVERY_DOODLE), id: "doodles-all" },
  });
  link.hidden = countFilters(filter) === 0;
  return link;
}

function makeField(name: string, id: string, control: HTMLElement): HTMLElement {
  return make("div", { class: "field" }, [make("label", { text: name, attributes: { for: id } }), control]);
}

function idOf(name: string): string {
  return `doodles-${name.toLowerCase().replaceAll(" ", "-")}`;
}
