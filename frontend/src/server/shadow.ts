/** What operators ask and order about the shadow: a version that is tried without being shown. */
import type { RequestJson } from "./http.ts";
import type { Tally } from "./models.ts";

export interface ShadowDecision {
  /** Null: from then on there was none. */
  readonly version: string | null;
  readonly actor: string;
  readonly reason: string;
  readonly created_at: string;
}

/** First is the live version, second the shadow. */
export interface PairTally extends Tally {
  /** Both say the same, right or wrong. */
  readonly num_agreed: number;
}

/** Mean confidences, in [0, 1]; null where it never is right, or never wrong. */
export interface Sureness {
  readonly right: number | null;
  readonly wrong: number | null;
}

export interface ShadowComparison {
  /** The version it is compared with. */
  readonly live: string;
  /** So many of the newest accepted drawings are looked at, at most. */
  readonly window: number;
  readonly num_seen: number;
  /** Answered beside a version that is no longer live. */
  readonly num_elsewhere: number;
  readonly all: PairTally;
  /** By label. */
  readonly labels: Readonly<Record<string, PairTally>>;
  readonly live_sureness: Sureness;
  readonly shadow_sureness: Sureness;
}

export interface ShadowStanding {
  readonly shadow: ShadowDecision | null;
  readonly comparison: ShadowComparison | null;
  /** Newest first. */
  readonly decisions: readonly ShadowDecision[];
}

/** The requests. Each throws RefusedError or UnreachableError. */
export class ShadowClient {
  private readonly request: RequestJson;

  constructor(request: RequestJson) {
    this.request = request;
  }

  async get(): Promise<ShadowStanding> {
    return (await this.request("/api/v1/shadow")).body as ShadowStanding;
  }

  /** Try a version, or end that. @param version null: none. */
  async set(version: string | null, reason: string): Promise<void> {
    await this.request("/api/v1/shadow", { method: "PUT", body: { version, reason } });
  }
}
