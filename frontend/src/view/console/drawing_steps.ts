/** Going through drawings by keys and by touch: who is current, who is selected. */
import type { Touch } from "./drawing_cards.ts";
import { type Command, findCommand, type Step, type Way } from "./review_commands.ts";
import {
  currentOf,
  extend,
  extendTo,
  move,
  moveTo,
  type Queue,
  type Queued,
  select,
  toggle,
} from "./review_queue.ts";

interface Drawn extends Queued {
  readonly contributor: string | null;
}

/** Take a step. @param numColumns how many drawings stand beside each other. */
export function takeStep<Item extends Drawn>(
  queue: Queue<Item>,
  command: Step,
  numColumns: number,
): Queue<Item> {
  if (command.name === "go") {
    const by = distance(command.way, queue.items.length, numColumns);
    return command.selecting ? extend(queue, by) : move(queue, by);
  }
  if (command.name === "toggle") return toggle(queue);
  if (command.name === "none") return select(queue, () => false);
  if (command.name === "all") return select(queue, () => true);
  const by = currentOf(queue)?.contributor ?? null;
  return by === null ? queue : select(queue, ({ contributor }) => contributor === by);
}

function distance(way: Way, all: number, numColumns: number): number {
  return { next: 1, previous: -1, down: numColumns, up: -numColumns, first: -all, last: all }[way];
}

/** Go where a drawing was touched. */
export function takeTouch<Item extends Queued>(queue: Queue<Item>, id: string, touch: Touch): Queue<Item> {
  const there = touch === "extend" ? extendTo(queue, id) : moveTo(queue, id);
  return touch === "toggle" ? toggle(there) : there;
}

/** Carry out what keys say, wherever the focus is, while a view is shown; only ways repeat while a key is held. */
export function listenToCommands(section: HTMLElement, carryOut: (command: Command) => void): void {
  document.addEventListener("keydown", (event) => {
    if (section.hidden || event.defaultPrevented || belongsToFocus(event)) return;
    const command = findCommand(event);
    if (!command || (event.repeat && command.name !== "go")) return;
    event.preventDefault();
    carryOut(command);
  });
}

/** Whether a key is for what has the focus: text, a choice, a link or a button that is pressed by it. */
function belongsToFocus({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, select, textarea, dialog")) return true;
  return (key === " " || key === "Enter") && target.closest("button, a, summary") !== null;
}
