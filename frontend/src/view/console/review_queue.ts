/** What a reviewer has before them: doodles in order, the current one, those selected. Every step gives a new queue. */
import type { Screened } from "../../server/reviews.ts";

export interface Queued {
  readonly id: string;
}

export interface Queue<Item extends Queued = Screened> {
  readonly items: readonly Item[];
  /** Its id; undefined only while there is none. */
  readonly current: string | undefined;
  /** By id. */
  readonly selected: ReadonlySet<string>;
}

/** A doodle that was taken out, and where it was. */
export interface Taken<Item extends Queued = Screened> {
  readonly item: Item;
  readonly index: number;
}

export const EMPTY: Queue<never> = { items: [], current: undefined, selected: new Set() };

/** Add a page at the end; who is there already stays where it is. */
export function append<Item extends Queued>(queue: Queue<Item>, items: readonly Item[]): Queue<Item> {
  const known = new Set(queue.items.map(({ id }) => id));
  const all = [...queue.items, ...items.filter(({ id }) => !known.has(id))];
  return { ...queue, items: all, current: queue.current ?? all[0]?.id };
}

/** Go so many places further, to the first or last one at most. */
export function move<Item extends Queued>(queue: Queue<Item>, by: number): Queue<Item> {
  const index = indexOf(queue) + by;
  const item = queue.items[Math.max(0, Math.min(queue.items.length - 1, index))];
  return item ? { ...queue, current: item.id } : queue;
}

export function moveTo<Item extends Queued>(queue: Queue<Item>, id: string): Queue<Item> {
  return queue.items.some((item) => item.id === id) ? { ...queue, current: id } : queue;
}

/** Select the current one, or no longer. */
export function toggle<Item extends Queued>(queue: Queue<Item>): Queue<Item> {
  if (queue.current === undefined) return queue;
  const selected = new Set(queue.selected);
  if (!selected.delete(queue.current)) selected.add(queue.current);
  return { ...queue, selected };
}

/** Go further and select everything on the way, where one stood included. */
export function extend<Item extends Queued>(queue: Queue<Item>, by: number): Queue<Item> {
  const moved = move(queue, by);
  return { ...moved, selected: new Set([...queue.selected, ...between(queue, moved)]) };
}

/** Go to one and select everything on the way. */
export function extendTo<Item extends Queued>(queue: Queue<Item>, id: string): Queue<Item> {
  const index = queue.items.findIndex((item) => item.id === id);
  return index < 0 ? queue : extend(queue, index - indexOf(queue));
}

function between<Item extends Queued>(queue: Queue<Item>, moved: Queue<Item>): string[] {
  const [from, to] = [indexOf(queue), indexOf(moved)].sort((one, other) => one - other);
  return queue.items.slice(from, (to ?? 0) + 1).map(({ id }) => id);
}

/** Select whatever fits, in place of what was selected. */
export function select<Item extends Queued>(queue: Queue<Item>, fits: (item: Item) => boolean): Queue<Item> {
  return { ...queue, selected: new Set(queue.items.filter(fits).map(({ id }) => id)) };
}

export function currentOf<Item extends Queued>(queue: Queue<Item>): Item | undefined {
  return queue.items.find(({ id }) => id === queue.current);
}

/** What a decision is about: what is selected, or else the current one. */
export function targetsOf<Item extends Queued>({ items, current, selected }: Queue<Item>): Item[] {
  return items.filter(({ id }) => (selected.size > 0 ? selected.has(id) : id === current));
}

/** Take some out; the next one that stays becomes current, or else the last. */
export function take<Item extends Queued>(
  queue: Queue<Item>,
  ids: ReadonlySet<string>,
): { queue: Queue<Item>; taken: Taken<Item>[] } {
  const taken = queue.items.flatMap((item, index) => (ids.has(item.id) ? [{ item, index }] : []));
  const items = queue.items.filter(({ id }) => !ids.has(id));
  const following = queue.items.slice(Math.max(0, indexOf(queue))).find(({ id }) => !ids.has(id));
  const selected = new Set([...queue.selected].filter((id) => !ids.has(id)));
  return { queue: { items, current: (following ?? items.at(-1))?.id, selected }, taken };
}

/** Put back where it was what was taken out; its first becomes current. */
export function putBack<Item extends Queued>(queue: Queue<Item>, taken: readonly Taken<Item>[]): Queue<Item> {
  const known = new Set(queue.items.map(({ id }) => id));
  const items = [...queue.items];
  for (const { item, index } of [...taken].sort((one, other) => one.index - other.index))
    if (!known.has(item.id)) items.splice(Math.min(index, items.length), 0, item);
  return { ...queue, items, current: taken[0]?.item.id ?? queue.current };
}

function indexOf<Item extends Queued>({ items, current }: Queue<Item>): number {
  return items.findIndex(({ id }) => id === current);
}
