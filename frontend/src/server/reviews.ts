/** Doodles that were screened out, and what reviewers decide about them; docs/http.md explains each field. */

/** Why it was screened out; operator: it was not, but an operator has picked it in the gallery. */
export type Reason = "label" | "unknown" | "contributor" | "duplicate" | "share" | "operator";

/** open: waits for somebody to look; unused: left out with no need to look; reviewed: somebody has decided. */
export type ReviewState = "open" | "unused" | "reviewed";

export type Decision = "accept" | "reject" | "relabel" | "undo";

/** What a reviewer has decided. Times are ISO 8601. */
export interface Review {
  readonly action: Decision;
  readonly label: string;
  readonly label_before: string;
  readonly reason: string;
  readonly operator: string;
  readonly reviewed_at: string;
}

export type Status = "accepted" | "quarantined" | "rejected";

/** A doodle that can be decided about. */
export interface Reviewable {
  readonly id: string;
  readonly label: string;
  readonly status: Status;
  /** Base64 of height x width bytes, row by row; 0 paper, 255 ink. */
  readonly bitmap: string;
  readonly height: number;
  readonly width: number;
  readonly guess: string | null;
  /** In the guess, in [0, 1]. */
  readonly confidence: number | null;
  /** The same for doodles of one contributor; leads back to nobody. */
  readonly contributor: string | null;
  readonly created_at: string;
  /** The label it looks like. */
  readonly suggestion: string | null;
  readonly review: Review | null;
}

/** A doodle that a run has screened out, or an operator has picked, and why. */
export interface Screened extends Reviewable {
  readonly reason: Reason;
  /** The reason as a sentence. */
  readonly words: string;
  /** What it was decided by; which keys there are depends on the reason. */
  readonly numbers: Readonly<Record<string, unknown>>;
  /** Null where its run is gone. */
  readonly run: string | null;
  readonly screened_at: string;
}

export interface ReviewFilter {
  readonly state: ReviewState;
  readonly reason: Reason | undefined;
  readonly label: string | undefined;
}

export interface ReviewPage {
  readonly reviews: readonly Screened[];
  /** Asks for the following page; null on the last. */
  readonly next: string | null;
  /** By reason, in the state that was asked for, whatever else was. */
  readonly counts: Readonly<Partial<Record<Reason, number>>>;
}

export interface ReviewOrder {
  readonly ids: readonly string[];
  readonly action: Decision;
  /** Goes with relabel alone. */
  readonly label?: string;
  /** 1 to 500 characters. */
  readonly reason: string;
}

/** The most that one order decides about, and one page shows. */
export const MAX_PER_REQUEST = 100;

/** Where a page of the list is. @param cursor `next` of the page before; undefined for the first. */
export function reviewsPath(filter: ReviewFilter, limit: number, cursor: string | undefined): string {
  const { state, reason, label } = filter;
  const asked = { state, reason, label, limit: String(limit), cursor };
  const given = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/api/v1/reviews?${new URLSearchParams(given)}`;
}
