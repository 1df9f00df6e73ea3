/** What operators ask and order about versions: what was live, what is pinned, who is better where. */
import type { RequestJson } from "./http.ts";
import type { Deployment, Version } from "./operator.ts";

/** One decision about automatic deployment. */
export interface PinDecision {
  readonly pinned: boolean;
  readonly actor: string;
  readonly reason: string;
  readonly created_at: string;
}

export interface Pin {
  /** Whether runs may not make their candidates live. */
  readonly pinned: boolean;
  /** Newest first. */
  readonly decisions: readonly PinDecision[];
}

export interface History {
  /** Newest first. */
  readonly deployments: readonly Deployment[];
  /** What a rollback would make live. */
  readonly previous: string | null;
}

/** How often either of two versions is right about some drawings. */
export interface Tally {
  readonly num_doodles: number;
  readonly num_both: number;
  readonly num_first: number;
  readonly num_second: number;
  readonly num_neither: number;
  /** Exact McNemar, two-sided, in (0, 1]. */
  readonly p_value: number;
}

export interface HoldoutComparison {
  readonly name: string;
  readonly all: Tally;
  /** By label. */
  readonly labels: Readonly<Record<string, Tally>>;
}

export interface Comparison {
  readonly version: string;
  readonly with: string;
  readonly holdouts: readonly HoldoutComparison[];
}

export interface Deleted {
  readonly deleted: readonly string[];
  readonly kept: readonly { readonly version: string; readonly needed_for: string }[];
  readonly files_removed: boolean;
}

export interface ListedVersions {
  readonly versions: readonly Version[];
  /** Whether there are older ones. */
  readonly hasMore: boolean;
}

interface VersionPage {
  readonly models: readonly Version[];
  readonly next: string | null;
}

/** The requests. Each throws RefusedError or UnreachableError. */
export class ModelsClient {
  private readonly request: RequestJson;

  constructor(request: RequestJson) {
    this.request = request;
  }

  /** The live one and the newest 100 others: live first, then newest first. */
  async listVersions(): Promise<readonly Version[]> {
    return (await this.listPages(1)).versions;
  }

  /** The live one first, then newest first. @param numPages how many pages of 100 to fetch at most. */
  async listPages(numPages: number): Promise<ListedVersions> {
    const versions: Version[] = [];
    let cursor = "";
    for (let page = 0; page < numPages; page += 1) {
      const { models, next } = await this.get<VersionPage>(`/api/v1/models${cursor}`);
      versions.push(...models);
      if (next === null) return { versions, hasMore: false };
      cursor = `?cursor=${encodeURIComponent(next)}`;
    }
    return { versions, hasMore: true };
  }

  getHistory(): Promise<History> {
    return this.get<History>("/api/v1/deployments");
  }

  getPin(): Promise<Pin> {
    return this.get<Pin>("/api/v1/pin");
  }

  /** Pause automatic deployment, or let it go on. */
  async setPin(pinned: boolean, reason: string): Promise<void> {
    await this.request("/api/v1/pin", { method: "PUT", body: { pinned, reason } });
  }

  /**
   * Make a version live.
   *
   * @param version 12 hex digits, or "previous" for a rollback.
   * @param expectedLive what this page shows as live: if it is not any more, the server refuses with 409.
   */
  async deploy(version: string, reason: string, expectedLive: string | undefined): Promise<void> {
    const expected = expectedLive === undefined ? {} : { expected_live: expectedLive };
    await this.request("/api/v1/deployments", { method: "POST", body: { version, reason, ...expected } });
  }

  /** Ask both about the same held-out drawings; takes seconds. */
  compare(first: string, second: string): Promise<Comparison> {
    return this.get<Comparison>(`/api/v1/models/${first}/comparison?with=${second}`);
  }

  /** Delete a version, or "all" that nothing needs. @param confirm its name, or the label set's, as it was typed. */
  async delete(version: string, confirm: string, reason: string): Promise<Deleted> {
    const body = { version, confirm, reason };
    return (await this.request("/api/v1/models/deletions", { method: "POST", body })).body as Deleted;
  }

  private async get<Body>(path: string): Promise<Body> {
    return (await this.request(path)).body as Body;
  }
}

/** Where all files of a version are to be had as one. */
export function archivePath(version: string): string {
  return `/api/v1/models/${version}/archive`;
}

/** Where one file of a version is to be had. */
export function filePath(version: string, path: string): string {
  return `/models/${version}/${path}`;
}
