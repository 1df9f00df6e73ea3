/** What the operator's page asks and orders. Every request carries the sign-in's cookie; without it the answer is 401. */
import type { RequestJson } from "./http.ts";
import type { Report } from "./report.ts";
import { type ReviewFilter, type ReviewOrder, type ReviewPage, reviewsPath } from "./reviews.ts";

export type RunState = "waiting" | "running" | "finished" | "failed" | "cancelled";

export interface Progress {
  readonly stage: string;
  /** Finished so far; 0 of 0 before the training's length is known. */
  readonly epoch: number;
  readonly num_epochs: number;
  /** Finished so far, over all epochs. */
  readonly step: number;
  readonly num_steps: number;
  readonly loss: number | null;
  /** In [0, 1]. */
  readonly accuracy: number | null;
  readonly learning_rate?: number | null;
  readonly eta_seconds: number | null;
}

export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly words: string;
  readonly numbers: Readonly<Record<string, unknown>>;
}

export interface Verdict {
  /** passed: it would have been published, and what is live is pinned. */
  readonly outcome: "published" | "passed" | "rejected";
  readonly summary: string;
  readonly checks: readonly Check[];
}

/** One training job. Times are ISO 8601. */
export interface Run {
  readonly key: string;
  readonly kind: string;
  readonly state: RunState;
  readonly trigger: "doodles" | "schedule" | "operator";
  readonly requested_by: string | null;
  readonly reason: string | null;
  readonly worker: string | null;
  /** The only worker that may take it; null: any. */
  readonly sent_to: string | null;
  readonly cancel_requested_at: string | null;
  readonly progress: Progress | null;
  readonly dataset?: string | null;
  readonly network?: string | null;
  readonly trial?: number | null;
  readonly num_new_doodles: number | null;
  readonly num_replay_doodles: number | null;
  readonly parent_version: string | null;
  readonly candidate_version: string | null;
  readonly verdict: Verdict | null;
  readonly error: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

export interface HoldoutMetrics {
  readonly num_doodles: number;
  /** In [0, 1]. */
  readonly accuracy: number;
  readonly log_loss: number;
  /** By label name, in [0, 1]. */
  readonly recalls: Readonly<Record<string, number>>;
  /** Share not called unknown, in [0, 1]; older versions do not tell. */
  readonly kept?: number | null;
}

export interface Version {
  readonly version: string;
  readonly live: boolean;
  readonly network: { readonly name: string };
  readonly num_parameters: number;
  readonly label_set: string;
  readonly labels: readonly string[];
  readonly parent_version: string | null;
  readonly run: string | null;
  /** By holdout name. */
  readonly metrics: Readonly<Record<string, HoldoutMetrics>>;
  /** Its run's; null where no run made it. */
  readonly verdict: Pick<Verdict, "outcome" | "summary"> | null;
  readonly files: readonly VersionFile[];
  /** Why it cannot be deleted; null where it can. */
  readonly needed_for: string | null;
  readonly created_at: string;
}

export interface VersionFile {
  readonly role: "tfjs_model" | "tfjs_weights" | "onnx" | "weights" | "report";
  readonly path: string;
  readonly size_bytes: number;
}

export interface Deployment {
  readonly deployment: number;
  readonly version: string;
  readonly previous_version: string | null;
  readonly kind: "publish" | "deploy" | "rollback";
  readonly actor: string;
  readonly reason: string;
  readonly created_at: string;
}

export interface Worker {
  readonly name: string;
  readonly host: string;
  readonly device: string | null;
  /** lost: silent without a farewell, by the server's clock. */
  readonly state: "idle" | "busy" | "stopped" | "lost";
  readonly run: string | null;
  readonly heartbeat_at: string;
}

export interface Statistics {
  readonly num_doodles: number;
  readonly labels: Readonly<Record<string, number>>;
  /** Accepted train-split doodles since the live model's watermark. */
  readonly num_waiting: number;
  readonly delta_min_doodles: number;
}

/** What may be drawn. */
export interface LabelWords {
  readonly name: string;
  readonly emoji: string;
}

/** The operator's requests. Each throws RefusedError or UnreachableError. */
export class OperatorClient {
  private readonly request: RequestJson;

  constructor(request: RequestJson) {
    this.request = request;
  }

  /** Exchange a one-time code for the cookie. */
  async signIn(code: string): Promise<void> {
    await this.request("/api/v1/session", { method: "POST", body: { code } });
  }

  async getOperator(): Promise<string> {
    return (await this.get<{ operator: string }>("/api/v1/session")).operator;
  }

  async signOut(): Promise<void> {
    await this.request("/api/v1/session", { method: "DELETE" });
  }

  /** The newest runs, newest first. */
  async listRuns(): Promise<readonly Run[]> {
    return (await this.get<{ runs: Run[] }>("/api/v1/train")).runs;
  }

  /** What is known of a run so far; refused with 404 before there is anything. */
  getReport(runKey: string): Promise<Report> {
    return this.get<Report>(`/api/v1/train/${runKey}/report`);
  }

  async listWorkers(): Promise<readonly Worker[]> {
    return (await this.get<{ workers: Worker[] }>("/api/v1/workers")).workers;
  }

  getStatistics(): Promise<Statistics> {
    return this.get<Statistics>("/api/v1/stats");
  }

  async listLabels(): Promise<readonly LabelWords[]> {
    return (await this.get<{ labels: LabelWords[] }>("/api/v1/labels")).labels;
  }

  /** A page of what was screened out, newest first. @param cursor `next` of the page before. */
  listReviews(filter: ReviewFilter, limit: number, cursor?: string): Promise<ReviewPage> {
    return this.get<ReviewPage>(reviewsPath(filter, limit, cursor));
  }

  /** Decide about screened out doodles, all of them or none; asked again, nothing changes. */
  async review(order: ReviewOrder): Promise<void> {
    await this.request("/api/v1/reviews", { method: "POST", body: order });
  }

  /** Queue a run on what has come in; where one waits already, nothing changes. */
  async train(): Promise<void> {
    await this.request("/api/v1/train", { method: "POST", body: {} });
  }

  async cancel(runKey: string): Promise<void> {
    await this.request(`/api/v1/train/${runKey}`, { method: "DELETE" });
  }

  private async get<Body>(path: string): Promise<Body> {
    return (await this.request(path)).body as Body;
  }
}
