/** Which part of the review is shown: by state, reason and label; each is an address, so that it can be gone back from. */
import type { LabelWords } from "../../server/operator.ts";
import type { ReviewFilter, ReviewPage, ReviewState } from "../../server/reviews.ts";
import { make } from "../element.ts";
import { reviewAddress } from "./review_address.ts";
import { countAll, REASON_NAMES, REASONS_IN, STATE_NAMES } from "./review_words.ts";
import { sayNumber } from "./words.ts";

const STATES = Object.keys(STATE_NAMES) as ReviewState[];

/**
 * Show the filters.
 *
 * @param counts by reason, in the state that is shown; undefined while they are not known.
 * @param onLabel a label was chosen, or undefined for all.
 */
export function showFilters(
  element: HTMLElement,
  filter: ReviewFilter,
  counts: ReviewPage["counts"] | undefined,
  labels: readonly LabelWords[],
  onLabel: (label: string | undefined) => void,
): void {
  const focused = element.contains(document.activeElement) ? document.activeElement?.id : undefined;
  element.replaceChildren(
    makeGroup(
      "State",
      STATES.map((state) => makeState(filter, state)),
    ),
    makeGroup("Reason", makeReasons(filter, counts)),
    makeLabels(filter, labels, onLabel),
  );
  if (focused) document.getElementById(focused)?.focus();
}

function makeGroup(name: string, links: readonly Node[]): HTMLElement {
  return make("div", { class: "chips", attributes: { role: "group", "aria-label": name } }, links);
}

/** A reason that never comes in a state is no filter there. */
function makeState(filter: ReviewFilter, state: ReviewState): HTMLElement {
  const reason = REASONS_IN[state].find((each) => each === filter.reason);
  const link = makeLink(STATE_NAMES[state], { ...filter, state, reason }, state === filter.state);
  link.id = `review-state-${state}`;
  return link;
}

function makeReasons(filter: ReviewFilter, counts: ReviewPage["counts"] | undefined): HTMLElement[] {
  const say = (name: string, count: number) => (counts ? `${name} ${sayNumber(count)}` : name);
  const all = makeLink(
    say("All", countAll(counts ?? {})),
    { ...filter, reason: undefined },
    filter.reason === undefined,
  );
  all.id = "review-reason-all";
  const links = REASONS_IN[filter.state].map((reason) => {
    const words = say(REASON_NAMES[reason], counts?.[reason] ?? 0);
    const link = makeLink(words, { ...filter, reason }, reason === filter.reason);
    link.id = `review-reason-${reason}`;
    return link;
  });
  return [all, ...links];
}

function makeLink(text: string, filter: ReviewFilter, isCurrent: boolean): HTMLElement {
  const attributes = { href: reviewAddress(filter), ...(isCurrent ? { "aria-current": "true" } : {}) };
  return make("a", { class: "chip-link", text, attributes });
}

function makeLabels(
  filter: ReviewFilter,
  labels: readonly LabelWords[],
  onLabel: (label: string | undefined) => void,
): HTMLElement {
  const names = new Set([...labels.map(({ name }) => name), ...(filter.label ? [filter.label] : [])]);
  const choices = [...names].map((name) => make("option", { text: name, attributes: { value: name } }));
  const choice = make("select", { attributes: { id: "review-label" } }, [
    make("option", { text: "any label", attributes: { value: "" } }),
    ...choices,
  ]);
  choice.value = filter.label ?? "";
  choice.addEventListener("change", () => onLabel(choice.value || undefined));
  return make("label", { class: "chosen", attributes: { for: "review-label" } }, ["Said to be ", choice]);
}
