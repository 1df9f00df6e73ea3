/** What is said of labels, as plain values. */
import type { FieldError } from "../../../server/http.ts";
import type { LabelBook, ListedLabel } from "../../../server/label_orders.ts";
import { sayAmount } from "../words.ts";

/** Drawings after which runs begin to learn a label: 60 to train on and 8 held out. Source: docs/label-sets.md. */
export const ABOUT_ENOUGH = 75;

export const FIELDS = ["name", "prompt", "emoji"] as const;
export type Field = (typeof FIELDS)[number];

/** How a label stands. */
export interface Standing {
  readonly label: ListedLabel;
  readonly numDrawings: number;
  readonly isKnown: boolean;
  /** What runs will do about it; empty where there is nothing to wait for. */
  readonly words: string;
  /** A label of the file, or one the live version knows, stays. */
  readonly mayBeWithdrawn: boolean;
}

export function listStandings({ labels, numDrawings, known }: LabelBook): Standing[] {
  return labels.map((label) => {
    const [count, isKnown] = [numDrawings[label.name] ?? 0, known.has(label.name)];
    return {
      label,
      numDrawings: count,
      isKnown,
      words: isKnown ? "" : sayWait(count),
      mayBeWithdrawn: label.added_at !== null && !isKnown,
    };
  });
}

function sayWait(numDrawings: number): string {
  const missing = ABOUT_ENOUGH - numDrawings;
  if (missing > 0) return `about ${sayAmount(missing, "drawing")} to go before runs learn it`;
  return "runs learn it; the verdict of the latest one says how it went";
}

/** Suggest what stands in "Can you draw ...?": the name with its article. */
export function suggestPrompt(name: string): string {
  const word = name.trim().replaceAll(/[-_]/g, " ");
  if (word === "") return "";
  return /^[aeio]/i.test(word) ? `an ${word}` : `a ${word}`;
}

/**
 * Sort what the server refuses by the form's fields.
 *
 * @returns what stands beside each field, and under "" what belongs to none.
 */
export function spreadErrors(words: string, errors: readonly FieldError[]): Record<Field | "", string> {
  const spread = { name: "", prompt: "", emoji: "", "": "" };
  for (const { field, detail } of errors) spread[isField(field) ? field : ""] ||= detail;
  if (Object.values(spread).every((each) => each === "")) spread[""] = words;
  return spread;
}

function isField(name: string): name is Field {
  return (FIELDS as readonly string[]).includes(name);
}
