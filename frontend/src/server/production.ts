/** What the operator's page asks about how the live model really does. */
import type { RequestJson } from "./http.ts";

export const PRODUCTION_PATH = "/api/v1/production";

/** A share of so many, and where the true one lies with 95 % confidence (Wilson); all in [0, 1]. */
export interface Share {
  readonly num: number;
  readonly of: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Tally {
  /** Accepted, or in quarantine. */
  readonly num_doodles: number;
  /** Guesses that are the label; null where there are none. */
  readonly accuracy: Share | null;
  /** The same of guesses that were shown. */
  readonly accuracy_known: Share | null;
  /** "I don't know this", of those of which it is known. */
  readonly unknown: Share | null;
}

export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  /** Their mean; null where there are none. */
  readonly confidence: number | null;
  readonly accuracy: Share | null;
}

export interface Production {
  readonly by: Step;
  /** ISO 8601: the first moment, and the first one after. */
  readonly from: string;
  readonly to: string;
  /** The one that was asked for; null for all. */
  readonly version: string | null;
  readonly live: string | null;
  readonly total: Tally;
  readonly statuses: Readonly<Record<"accepted" | "quarantined" | "rejected", number>>;
  /** Steps without drawings are left out. */
  readonly times: readonly (Tally & { readonly begins: string })[];
  /** Whichever version was asked for; null: no version that had been live. */
  readonly versions: readonly (Tally & { readonly version: string | null })[];
  readonly labels: readonly (Tally & { readonly label: string })[];
  /** How many of each label (row) had each guess (column). */
  readonly confusion: { readonly labels: readonly string[]; readonly counts: readonly (readonly number[])[] };
  readonly calibration: { readonly error: number | null; readonly bins: readonly CalibrationBin[] };
  readonly deployments: readonly {
    readonly deployment: number;
    readonly version: string;
    readonly kind: string;
    readonly created_at: string;
  }[];
}

export type Step = "hour" | "day";

export interface ProductionQuery {
  readonly by: Step;
  /** In milliseconds since 1970; whole steps in UTC. */
  readonly from: number;
  readonly to: number;
  readonly version: string | undefined;
}

export class ProductionClient {
  private readonly request: RequestJson;

  constructor(request: RequestJson) {
    this.request = request;
  }

  /** Ask how guesses did. @throws RefusedError, UnreachableError. */
  async read({ by, from, to, version }: ProductionQuery): Promise<Production> {
    const query = new URLSearchParams({ by, from: toIso(from), to: toIso(to) });
    if (version !== undefined) query.set("version", version);
    return (await this.request(`${PRODUCTION_PATH}?${query}`)).body as Production;
  }
}

function toIso(moment: number): string {
  return new Date(moment).toISOString();
}
