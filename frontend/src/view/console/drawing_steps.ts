/** Going through drawings by keys: who is current, who is selected. */
import type { Step, Way } from "./review_commands.ts";
import { currentOf, extend, move, type Queue, type Queued, select, toggle } from "./review_queue.ts";

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

/** Whether a key is for what has the focus: text, a choice, a link or a button that is pressed by it. */
export function belongsToFocus({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, select, textarea, dialog")) return true;
  return (key === " " || key === "Enter") && target.closest("button, a, summary") !== null;
}
