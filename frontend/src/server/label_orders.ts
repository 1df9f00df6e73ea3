/** What the operator's page asks and orders about labels. */
import { RefusedError, type RequestJson } from "./http.ts";
import { type DrawnLabel, LABELS_PATH } from "./labels.ts";
import { LIVE_MODEL_PATH } from "./live_model.ts";

export interface ListedLabel extends DrawnLabel {
  /** ISO 8601; null for a label of the label set's file. */
  readonly added_at: string | null;
}

/** How things stand with the labels. */
export interface LabelBook {
  /** Those of the file, then those that were added, in their order. */
  readonly labels: readonly ListedLabel[];
  /** Users' accepted drawings, by name. */
  readonly numDrawings: Readonly<Record<string, number>>;
  /** Names of those the live version knows. */
  readonly known: ReadonlySet<string>;
}

const NOTHING_LIVE = 503;

/** Each throws RefusedError or UnreachableError. */
export class LabelOrders {
  private readonly request: RequestJson;

  constructor(request: RequestJson) {
    this.request = request;
  }

  async read(): Promise<LabelBook> {
    const [listed, statistics, known] = await Promise.all([
      this.get<{ labels: ListedLabel[] }>(LABELS_PATH),
      this.get<{ labels: Record<string, number> }>("/api/v1/stats"),
      this.findKnown(),
    ]);
    return { labels: listed.labels, numDrawings: statistics.labels, known };
  }

  /** Add a label; the very same one again changes nothing. RefusedError names the field at fault. */
  async add({ name, prompt, emoji }: DrawnLabel): Promise<void> {
    await this.request(LABELS_PATH, { method: "POST", body: { name, prompt, emoji } });
  }

  /** Take back a label that was added, as long as no version knows it. */
  async withdraw(name: string): Promise<void> {
    await this.request(`${LABELS_PATH}/${encodeURIComponent(name)}`, { method: "DELETE" });
  }

  private async findKnown(): Promise<ReadonlySet<string>> {
    try {
      const live = await this.get<{ manifest: { labels: { name: string }[] } }>(LIVE_MODEL_PATH);
      return new Set(live.manifest.labels.map(({ name }) => name));
    } catch (error) {
      if (error instanceof RefusedError && error.status === NOTHING_LIVE) return new Set();
      throw error;
    }
  }

  private async get<Body>(path: string): Promise<Body> {
    return (await this.request(path)).body as Body;
  }
}
