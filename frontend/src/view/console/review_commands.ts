/** What a reviewer may do, by which key, and what is asked of the server for it. */
import { MAX_PER_REQUEST, type Reviewable, type ReviewOrder } from "../../server/reviews.ts";

export type Choice =
  | { readonly action: "accept" }
  | { readonly action: "reject" }
  | { readonly action: "undo" }
  | { readonly action: "suggested" }
  | { readonly action: "relabel"; readonly label: string };

export type Command =
  | { readonly name: "decide"; readonly choice: Choice }
  | { readonly name: "relabel"; readonly place: number }
  | { readonly name: "go"; readonly way: Way; readonly selecting: boolean }
  | { readonly name: "toggle" }
  | { readonly name: "all" }
  | { readonly name: "same_contributor" }
  | { readonly name: "none" }
  | { readonly name: "take_back" }
  | { readonly name: "look" };

/** A command that changes who is current or selected, and nothing else. */
export type Step = Exclude<Command, { name: "decide" | "relabel" | "take_back" | "look" }>;

export type Way = "next" | "previous" | "down" | "up" | "first" | "last";

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const WAYS: ReadonlyMap<string, Way> = new Map([
  ["ArrowRight", "next"],
  ["ArrowLeft", "previous"],
  ["ArrowDown", "down"],
  ["ArrowUp", "up"],
  ["Home", "first"],
  ["End", "last"],
]);

const KEYS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["a", { name: "decide", choice: { action: "accept" } }],
  ["x", { name: "decide", choice: { action: "reject" } }],
  ["s", { name: "decide", choice: { action: "suggested" } }],
  ["u", { name: "decide", choice: { action: "undo" } }],
  ["z", { name: "take_back" }],
  ["enter", { name: "look" }],
  ["c", { name: "same_contributor" }],
  [" ", { name: "toggle" }],
  ["escape", { name: "none" }],
]);

const WITH_CONTROL: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["a", { name: "all" }],
  ["z", { name: "take_back" }],
]);

/** Read a key press as a command, if it is one. */
export function findCommand({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): Command | undefined {
  if (altKey) return undefined;
  const name = key.toLowerCase();
  if (ctrlKey || metaKey) return shiftKey ? undefined : WITH_CONTROL.get(name);
  const way = WAYS.get(key);
  if (way) return { name: "go", way, selecting: shiftKey };
  return findPlace(key) ?? KEYS.get(name);
}

/** The keys 1 to 9 and 0 are the first ten labels. */
function findPlace(key: string): Command | undefined {
  if (!/^[0-9]$/.test(key)) return undefined;
  return { name: "relabel", place: (Number(key) + 9) % 10 };
}

/** The key of a label, by its place in the list; undefined beyond the tenth. */
export function keyOfPlace(place: number): string | undefined {
  return place < 10 ? String((place + 1) % 10) : undefined;
}

export type Decidable = Pick<Reviewable, "id" | "label" | "suggestion">;

const REASONS: Readonly<Record<ReviewOrder["action"], string>> = {
  accept: "Right as it is labelled.",
  reject: "Of no use.",
  relabel: "Labelled anew.",
  undo: "Taken back.",
};

/**
 * Decide what to ask of the server.
 *
 * A doodle that is given the label it has is accepted; one without a suggestion is left as it is where the
 * suggestion is chosen.
 *
 * @returns orders for disjoint parts of the doodles, each of at most MAX_PER_REQUEST.
 */
export function planOrders(items: readonly Decidable[], choice: Choice): ReviewOrder[] {
  const byDecision = new Map<string, { order: Omit<ReviewOrder, "ids">; ids: string[] }>();
  for (const item of items) {
    const order = decide(item, choice);
    if (!order) continue;
    const name = `${order.action} ${order.label ?? ""}`;
    const alike = byDecision.get(name) ?? { order, ids: [] };
    alike.ids.push(item.id);
    byDecision.set(name, alike);
  }
  return [...byDecision.values()].flatMap(({ order, ids }) =>
    cut(ids).map((part) => ({ ...order, ids: part })),
  );
}

function decide({ label, suggestion }: Decidable, choice: Choice): Omit<ReviewOrder, "ids"> | undefined {
  if (choice.action !== "relabel" && choice.action !== "suggested")
    return { action: choice.action, reason: REASONS[choice.action] };
  const wanted = choice.action === "relabel" ? choice.label : suggestion;
  if (wanted === null) return undefined;
  if (wanted === label) return { action: "accept", reason: REASONS.accept };
  return { action: "relabel", label: wanted, reason: REASONS.relabel };
}

/** Cut ids into parts that one order may have. */
export function cut(ids: readonly string[]): string[][] {
  const parts = Math.ceil(ids.length / MAX_PER_REQUEST);
  return Array.from({ length: parts }, (_, part) =>
    ids.slice(part * MAX_PER_REQUEST, (part + 1) * MAX_PER_REQUEST),
  );
}
