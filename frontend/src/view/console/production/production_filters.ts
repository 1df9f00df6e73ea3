/** Chooses the stretch of time and the version; each choice is an address. */
import type { Production } from "../../../server/production.ts";
import { make } from "../../element.ts";
import { sayNumber } from "../words.ts";
import { areDays, type Choice, isRecent, RECENT, STEP_MS } from "./production_address.ts";
import { sayVersion } from "./production_words.ts";

const ALL = "all";
const CHOSEN = "chosen";

export class ProductionFilters {
  readonly element: HTMLElement;
  private readonly range = make("select", { attributes: { id: "production-range" } });
  private readonly first = make("input", { attributes: { id: "production-from", type: "date" } });
  private readonly last = make("input", { attributes: { id: "production-to", type: "date" } });
  private readonly version = make("select", { attributes: { id: "production-version" } });
  private readonly days: HTMLElement;
  private readonly onChoice: (choice: Choice) => void;
  private choice: Choice = { when: RECENT[0], version: undefined };

  /** @param onChoice something else is to be shown. */
  constructor(onChoice: (choice: Choice) => void) {
    this.onChoice = onChoice;
    this.range.append(
      ...RECENT.map(({ name, title }) => new Option(title, name)),
      new Option("From \u2026 to \u2026", CHOSEN),
    );
    this.days = make("div", { class: "production-days" }, [
      makeField("From", this.first),
      makeField("To, included", this.last),
    ]);
    this.element = make(
      "form",
      { class: "production-filters", attributes: { "aria-label": "What is shown" } },
      [makeField("Time", this.range), this.days, makeField("Version", this.version)],
    );
    this.listen();
  }

  /** Show what is chosen. @param now in milliseconds since 1970: the days one chooses from begin there. */
  showChoice(choice: Choice, now: number): void {
    this.choice = choice;
    const { when } = choice;
    this.range.value = isRecent(when) ? when.name : CHOSEN;
    this.days.hidden = isRecent(when);
    const days = isRecent(when)
      ? { first: toDate(now - (when.numSteps - 1) * STEP_MS[when.by]), last: toDate(now) }
      : when;
    this.first.value = days.first;
    this.last.value = days.last;
    if (this.version.options.length === 0) this.showVersions(undefined);
  }

  /** Offer the versions that guessed in the time that is shown; and the one that is chosen, whether it did or not. */
  showVersions(found: Production | undefined): void {
    const { version } = this.choice;
    const known = found?.versions.flatMap((tally) => (tally.version === null ? [] : [tally])) ?? [];
    const options = known.map((tally) => {
      const name = sayVersion(tally.version, found?.live ?? null);
      return new Option(`${name}, ${sayNumber(tally.num_doodles)}`, tally.version ?? ALL);
    });
    if (version !== undefined && !known.some((tally) => tally.version === version))
      options.push(new Option(`${version}, 0`, version));
    this.version.replaceChildren(new Option("All versions", ALL), ...options);
    this.version.value = version ?? ALL;
  }

  private listen(): void {
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.range.addEventListener("change", () => this.chooseRange());
    this.version.addEventListener("change", () => {
      this.onChoice({ ...this.choice, version: this.version.value === ALL ? undefined : this.version.value });
    });
    for (const input of [this.first, this.last]) input.addEventListener("change", () => this.chooseDays());
  }

  private chooseRange(): void {
    const when = RECENT.find(({ name }) => name === this.range.value);
    if (when) return this.onChoice({ ...this.choice, when });
    this.days.hidden = false;
    this.chooseDays();
    this.first.focus();
  }

  /** While one of the two is being changed they may not fit; what was shown stays until they do. */
  private chooseDays(): void {
    const days = { first: this.first.value, last: this.last.value };
    const words = areDays(days) ? "" : "Choose a day not after the other, and at most 400 days.";
    this.first.setCustomValidity(words);
    if (words === "") this.onChoice({ ...this.choice, when: days });
    else this.first.reportValidity();
  }
}

function makeField(text: string, input: HTMLElement): HTMLElement {
  return make("div", { class: "production-field" }, [
    make("label", { text, attributes: { for: input.id } }),
    input,
  ]);
}

function toDate(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
