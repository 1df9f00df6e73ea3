/** Every doodle there is, for operators: pages of them, one with its strokes, whose they are, and erasing somebody. */
import type { RequestJson } from "./http.ts";
import type { Reason, Review, Reviewable, ReviewOrder, Status } from "./reviews.ts";

/** Strokes as they are stored: xs and ys of each, in a box of 0..255. */
export type Strokes = readonly (readonly [readonly number[], readonly number[]])[];

/** A doodle as a page of the gallery shows it. */
export interface Doodle extends Reviewable {
  readonly has_strokes: boolean;
  readonly model_version: string | null;
  /** What a run has against it. */
  readonly screening: {
    readonly reason: Reason;
    readonly words: string;
    readonly suggestion: string | null;
  } | null;
}

export interface Decided {
  readonly action: "accept" | "reject" | "relabel" | "undo";
  readonly label: string;
  readonly reason: string;
  readonly operator: string;
  readonly reviewed_at: string;
}

export interface WholeDoodle extends Doodle {
  /** Null where it came as a bitmap only. */
  readonly strokes: Strokes | null;
  /** What operators have decided about it, the latest first. */
  readonly history: readonly Decided[];
}

/** Which doodles; undefined: it does not matter. */
export interface GalleryFilter {
  readonly label: string | undefined;
  readonly guess: string | undefined;
  /** Only those that were taken for something else. */
  readonly wrong: boolean;
  readonly status: Status | "any";
  readonly version: string | undefined;
  /** Days as 2026-11-21, both included. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Eight hex digits. */
  readonly contributor: string | undefined;
}

export interface GalleryPage {
  /** May be few, or none, although others follow. */
  readonly doodles: readonly Doodle[];
  /** Asks for the following page; null on the last. */
  readonly next: string | null;
}

/** What a doodle is after a decision. */
export interface Standing {
  readonly id: string;
  readonly status: Status;
  readonly label: string;
  readonly review: Review | null;
}

export interface Contributor {
  /** All 64 hex digits; pages show the first eight. */
  readonly contributor: string;
  readonly num_doodles: number;
  readonly first_at: string;
  readonly last_at: string;
  /** Versions that may have learnt from the drawings. */
  readonly versions: readonly string[];
}

export interface Erasure {
  readonly erasure: number;
  readonly state: "open" | "finished";
  readonly num_doodles: number;
  readonly num_pictures: number;
  readonly versions: readonly string[];
  /** Keys of runs that may still hold drawings. */
  readonly waits_for: readonly string[];
  readonly operator: string;
  readonly reason: string;
  readonly created_at: string;
}

export const EXPORT_FORMATS = ["ndjson", "npy", "tfrecord"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const DOODLES = "/api/v1/doodles";

/** Each throws RefusedError or UnreachableError. */
export class GalleryClient {
  private readonly request: RequestJson;

  constructor(request: RequestJson) {
    this.request = request;
  }

  /** A page, newest first. @param after `next` of the page before. */
  async listDoodles(filter: GalleryFilter, limit: number, after?: string): Promise<GalleryPage> {
    const asked = askFor(filter);
    asked.set("limit", String(limit));
    if (after !== undefined) asked.set("after", after);
    const page = await this.get<GalleryPage>(`${DOODLES}?${asked}`);
    return { ...page, doodles: page.doodles.map(withSuggestion) };
  }

  async getDoodle(id: string): Promise<WholeDoodle> {
    return withSuggestion(await this.get<WholeDoodle>(`${DOODLES}/${id}`));
  }

  /** Decide about doodles, all of them or none. @returns what each is now, in their order. */
  async review(order: ReviewOrder): Promise<readonly Standing[]> {
    const answer = await this.request("/api/v1/reviews", { method: "POST", body: order });
    return (answer.body as { reviews: Standing[] }).reviews;
  }

  /** Find who is called so; several may share eight digits. */
  async findContributors(name: string): Promise<readonly Contributor[]> {
    return (await this.get<{ contributors: Contributor[] }>(`/api/v1/contributors/${name}`)).contributors;
  }

  /** What was ordered, the latest first. */
  async listErasures(): Promise<readonly Erasure[]> {
    return (await this.get<{ erasures: Erasure[] }>("/api/v1/erasures")).erasures;
  }

  /** Erase a contributor. @param confirm how many doodles are to go. */
  async erase(contributor: string, confirm: number, reason: string): Promise<Erasure> {
    const body = { contributor, confirm, reason };
    return (await this.request("/api/v1/erasures", { method: "POST", body })).body as Erasure;
  }

  private async get<Body>(path: string): Promise<Body> {
    return (await this.request(path)).body as Body;
  }
}

/** Where the doodles that fit are to be had as a file. */
export function exportPath(filter: GalleryFilter, format: ExportFormat): string {
  const asked = askFor(filter);
  asked.set("format", format);
  return `${DOODLES}/export?${asked}`;
}

function askFor(filter: GalleryFilter): URLSearchParams {
  const asked = { ...filter, wrong: filter.wrong ? "1" : undefined };
  const given = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given);
}

function withSuggestion<Shown extends Doodle>(doodle: Shown): Shown {
  return { ...doodle, suggestion: doodle.screening?.suggestion ?? null };
}
