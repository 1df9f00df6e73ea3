/** What can be done with the doodles under review, at the lower edge, where a thumb reaches it. */
import type { LabelWords } from "../../server/operator.ts";
import type { Reviewable } from "../../server/reviews.ts";
import { make } from "../element.ts";
import { type Command, keyOfPlace } from "./review_commands.ts";
import { type Queue, targetsOf } from "./review_queue.ts";
import { sayAmount, sayNumber } from "./words.ts";

export type Shown = Pick<Reviewable, "id" | "label" | "suggestion" | "review">;

export interface BarState {
  /** Begins the ids of its buttons. */
  readonly prefix: string;
  readonly queue: Queue<Shown>;
  /** How many there are in all, with those that were not fetched yet; undefined while that is not known. */
  readonly total: number | undefined;
  /** Whether nothing but undoing is to be done with them. */
  readonly isDecided: boolean;
  /** Whether one can be looked at more closely. */
  readonly canLook?: boolean;
  /** Whether decisions of others, or of long ago, can be undone here. */
  readonly canUndo?: boolean;
  readonly labels: readonly LabelWords[];
  /** Whether something was done that can be taken back. */
  readonly canTakeBack: boolean;
}

interface Action {
  readonly text: string;
  readonly emoji?: string;
  readonly key: string | undefined;
  readonly command: Command;
  readonly isOff: boolean;
  readonly class: string;
}

/** Show what can be done; what has the focus keeps it. */
export function showBar(bar: HTMLElement, now: BarState, onCommand: (command: Command) => void): void {
  const focused = bar.contains(document.activeElement) ? document.activeElement?.id : undefined;
  const buttons = (actions: readonly Action[]) =>
    actions.map((action) => makeButton(now.prefix, action, onCommand));
  // With nothing to decide about, there is only what was decided to take back.
  const isOver = now.queue.items.length === 0;
  bar.replaceChildren(
    make("div", { class: "chosen-now" }, [
      make("strong", { text: sayTargets(now) }),
      ...buttons(listSelections(now)),
    ]),
    make("div", { class: "decisions" }, isOver ? [] : buttons(listDecisions(now))),
    make(
      "div",
      { class: "relabels", attributes: { role: "group", "aria-label": "Relabel as" } },
      isOver ? [] : buttons(listRelabels(now)),
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
}

function makeButton(
  prefix: string,
  { text, emoji, key, command, isOff, class: name }: Action,
  onCommand: (command: Command) => void,
): HTMLElement {
  const hint = key === undefined ? [] : [" ", make("kbd", { text: key })];
  const sign = emoji === undefined ? [] : [make("span", { class: "emoji", text: emoji }), " "];
  const button = make("button", { class: name, attributes: { type: "button" } }, [...sign, text, ...hint]);
  button.id = `${prefix}-${JSON.stringify(command).replaceAll(/[^a-z0-9]+/g, "-")}`;
  button.disabled = isOff;
  button.addEventListener("click", () => onCommand(command));
  return button;
}

function listSelections({ queue, canTakeBack, canLook }: BarState): Action[] {
  const { items, current, selected } = queue;
  const quiet = (text: string, key: string, command: Command, isOff: boolean): Action => {
    return { text, key, command, isOff, class: "quiet" };
  };
  const look = quiet("Look closer", "\u23ce", { name: "look" }, current === undefined);
  return [
    ...(canLook ? [look] : []),
    quiet("Undo", "Z", { name: "take_back" }, !canTakeBack),
    quiet("All shown", "Ctrl A", { name: "all" }, items.length === 0),
    quiet("Same contributor", "C", { name: "same_contributor" }, current === undefined),
    quiet("None", "Esc", { name: "none" }, selected.size === 0),
  ];
}

function listDecisions({ queue, isDecided, canUndo }: BarState): Action[] {
  const targets = targetsOf(queue);
  const isOff = targets.length === 0;
  if (isDecided)
    return [{ text: "Take the decision back", key: "U", command: DECIDE.undo, isOff, class: "" }];
  const suggested = [...new Set(targets.flatMap(({ suggestion }) => suggestion ?? []))];
  return [
    { text: "Accept", key: "A", command: DECIDE.accept, isOff, class: "accept" },
    { text: "Reject", key: "X", command: DECIDE.reject, isOff, class: "reject" },
    {
      text: suggested.length === 1 ? `Suggested: ${suggested[0]}` : "As suggested",
      key: "S",
      command: DECIDE.suggested,
      isOff: suggested.length === 0,
      class: "suggested",
    },
    ...(canUndo ? [makeUndo(targets)] : []),
  ];
}

function makeUndo(targets: readonly Shown[]): Action {
  const isOff = targets.length === 0 || targets.some(({ review }) => review === null);
  return { text: "As before", key: "U", command: DECIDE.undo, isOff, class: "" };
}

const DECIDE = {
  accept: { name: "decide", choice: { action: "accept" } },
  reject: { name: "decide", choice: { action: "reject" } },
  suggested: { name: "decide", choice: { action: "suggested" } },
  undo: { name: "decide", choice: { action: "undo" } },
} as const satisfies Record<string, Command>;

function listRelabels({ queue, isDecided, labels }: BarState): Action[] {
  if (isDecided) return [];
  const targets = targetsOf(queue);
  return labels.map(({ name, emoji }, place) => ({
    text: name,
    emoji,
    key: keyOfPlace(place),
    command: { name: "relabel", place },
    isOff: targets.every(({ label }) => label === name),
    class: "relabel",
  }));
}

function sayTargets({ queue: { items, current, selected }, total }: BarState): string {
  if (selected.size > 0) return `${sayAmount(selected.size, "drawing")} selected`;
  const place = items.findIndex(({ id }) => id === current);
  if (place < 0) return "";
  const all = total === undefined ? `more than ${sayNumber(items.length)}` : sayNumber(total);
  return `Drawing ${place + 1} of ${all}`;
}
