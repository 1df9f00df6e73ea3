/** What the operator's page asks and orders about runs. */
import type { RequestJson } from "./http.ts";
import type { Progress, Run, RunState } from "./operator.ts";

const RUNS_PATH = "/api/v1/train";

export type Scalar = string | number | boolean | null;
export type Facts = Readonly<Record<string, Scalar>>;

export type RunKind = "delta" | "scratch" | "trial";

/** A run, with what it was told to do. */
export interface TrackedRun extends Omit<Run, "progress" | "dataset" | "network" | "trial"> {
  readonly progress: TrackedProgress | null;
  readonly dataset: string | null;
  readonly network: string | null;
  readonly network_args: Facts;
  readonly train_args: Facts;
  /** -10 to 10; the highest is taken first. */
  readonly priority: number;
  readonly notes: string;
  /** The search whose trial it is, and which one. */
  readonly search: string | null;
  readonly trial: number | null;
  readonly attempt: number;
  /** Why it waits, where its worker is not there. */
  readonly note?: string | null;
  /** By part or model, then perhaps by holdout: measures by name. */
  readonly metrics: unknown;
}

export interface TrackedProgress extends Progress {
  /** The newest of the run's curve; the mean since the one before. */
  readonly point?: CurvePoint | null;
}

/** One moment of a training; null where it was not measured. */
export interface CurvePoint {
  /** Finished so far, over all epochs. */
  readonly step: number;
  readonly epoch: number;
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly learning_rate: number | null;
}

export interface CurveEpoch {
  readonly epoch: number;
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly validation_loss: number | null;
  readonly validation_accuracy: number | null;
  readonly seconds: number | null;
}

export interface Curve {
  readonly points: readonly CurvePoint[];
  readonly epochs: readonly CurveEpoch[];
}

export interface LogLine {
  readonly line: number;
  /** ISO 8601. */
  readonly at: string;
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogPage {
  readonly lines: readonly LogLine[];
  /** Ask for what comes after this one. */
  readonly next: number;
}

/** Which runs are wanted; what is left out does not matter. */
export interface RunFilter {
  readonly state?: RunState;
  readonly kind?: RunKind;
  readonly network?: string;
  /** Text in the reason, the notes or the key. */
  readonly q?: string;
  /** A column's name; with "-" the largest first. */
  readonly sort?: string;
}

export interface RunPage {
  readonly runs: readonly TrackedRun[];
  /** Of the page after this one; null after the last. */
  readonly next: string | null;
}

/** One thing that can be told: a number within bounds, or yes or no. */
export interface Argument {
  readonly name: string;
  readonly type: "integer" | "number" | "boolean";
  readonly minimum?: number | null;
  readonly maximum?: number | null;
  /** Null where it depends on the kind of run. */
  readonly default: number | boolean | null;
  /** What is taken instead, in words. */
  readonly usual?: string;
}

export interface Network {
  readonly name: string;
  readonly words: string;
  readonly arguments: readonly Argument[];
}

/** What may be ordered. */
export interface Choices {
  readonly default_network: string;
  readonly datasets: readonly string[];
  readonly networks: readonly Network[];
  readonly train_args: readonly Argument[];
  readonly max_doodles: { readonly minimum: number; readonly maximum: number };
}

export interface RunOrder {
  readonly dataset?: string;
  readonly network?: string;
  readonly network_args?: Readonly<Record<string, number | boolean>>;
  readonly train_args?: Readonly<Record<string, number | boolean>>;
  readonly max_doodles?: number;
  readonly priority?: number;
  readonly worker?: string;
  readonly reason?: string;
}

export interface Ordered {
  readonly key: string;
  readonly sent_to: string | null;
  /** Why it waits, where its worker is not there. */
  readonly note: string | null;
}

/** Each throws RefusedError or UnreachableError. */
export class RunsClient {
  private readonly request: RequestJson;

  constructor(request: RequestJson) {
    this.request = request;
  }

  /** @param cursor `next` of the page before. */
  list(filter: RunFilter, limit: number, cursor?: string): Promise<RunPage> {
    return this.get<RunPage>(listPath(filter, limit, cursor));
  }

  find(key: string): Promise<TrackedRun> {
    return this.get<TrackedRun>(`${RUNS_PATH}/${key}`);
  }

  /** @param after only what came after this step. */
  getCurve(key: string, after?: number): Promise<Curve> {
    return this.get<Curve>(`${RUNS_PATH}/${key}/curve${after === undefined ? "" : `?after=${after}`}`);
  }

  /** @param after only what came after this line. */
  getLog(key: string, after?: number): Promise<LogPage> {
    return this.get<LogPage>(`${RUNS_PATH}/${key}/log${after === undefined ? "" : `?after=${after}`}`);
  }

  getChoices(): Promise<Choices> {
    return this.get<Choices>(`${RUNS_PATH}/networks`);
  }

  async order(order: RunOrder): Promise<Ordered> {
    return (await this.request(RUNS_PATH, { method: "POST", body: order })).body as Ordered;
  }

  async setNotes(key: string, notes: string): Promise<void> {
    await this.request(`${RUNS_PATH}/${key}/notes`, { method: "PUT", body: { notes } });
  }

  async setPriority(key: string, priority: number): Promise<void> {
    await this.request(`${RUNS_PATH}/${key}/priority`, { method: "PUT", body: { priority } });
  }

  private async get<Body>(path: string): Promise<Body> {
    return (await this.request(path)).body as Body;
  }
}

/** Where a page of runs is to be had. */
export function listPath(filter: RunFilter, limit: number, cursor?: string): string {
  const wanted = new URLSearchParams({ ...filter, limit: String(limit) });
  if (cursor !== undefined) wanted.set("cursor", cursor);
  return `${RUNS_PATH}?${wanted}`;
}
