/** What the operator's page asks and orders about searches. */
import type { RequestJson } from "./http.ts";

const PATH = "/api/v1/search";

export const METHODS = ["grid", "random", "tpe"] as const;
export type Method = (typeof METHODS)[number];

export type Value = string | number;
export interface ValueRange {
  readonly min: number;
  readonly max: number;
  readonly log?: boolean;
}

/** By a property's name in capitals: one value, several, or a range; null takes a property back to its default. */
export type Configuration = Readonly<Record<string, Value | readonly Value[] | ValueRange | null>>;

/** One value a property. */
export type Params = Readonly<Record<string, Value>>;

/** What may be searched over. */
export interface Property {
  readonly name: string;
  readonly kind: "integer" | "number" | "word";
  /** Null for words. */
  readonly low: number | null;
  readonly high: number | null;
  /** Empty for numbers. */
  readonly words: readonly string[];
  /** Which networks it means something to. */
  readonly networks: readonly string[];
}

export interface Known {
  readonly configuration: Configuration;
  readonly properties: readonly Property[];
}

export interface PlanOrder {
  /** What is left out keeps its previous value. */
  readonly configuration: Configuration;
  readonly previous: Configuration;
  readonly method: Method;
  /** For random and tpe. */
  readonly num_trials?: number;
}

export interface Plan {
  /** With all that was left out. */
  readonly configuration: Configuration;
  readonly num_combinations: number;
  /** Not all of many; none where the sampler decides on the way. */
  readonly trials: readonly Params[];
  readonly estimated_seconds: number | null;
  /** What the estimate is judged by. */
  readonly estimate: string;
}

export interface SearchOrder extends PlanOrder {
  readonly pruning: boolean;
  readonly name?: string;
  /** -10 to 10; the highest is taken first. */
  readonly priority?: number;
  readonly reason?: string;
}

export const TRIAL_STATES = ["waiting", "running", "finished", "pruned", "failed", "cancelled"] as const;
export type TrialState = (typeof TRIAL_STATES)[number];

export interface Search {
  readonly key: string;
  readonly name: string;
  readonly state: "running" | "stopping" | "stopped" | "finished";
  readonly method: Method;
  readonly configuration: Configuration;
  readonly pruning: boolean;
  readonly priority: number;
  readonly requested_by: string;
  readonly reason: string;
  readonly num_trials: number;
  readonly counts: Readonly<Record<TrialState, number>>;
  readonly best: { readonly trial: number; readonly params: Params; readonly accuracy: number } | null;
  /** By property, in [0, 1]; null where there is too little to tell. A list of searches leaves it out. */
  readonly importances?: Readonly<Record<string, number>> | null;
  /** Left; null when it has ended. A list leaves it out. */
  readonly estimated_seconds?: number | null;
  /** Since its first trial began. */
  readonly elapsed_seconds: number;
  /** ISO 8601. */
  readonly created_at: string;
  readonly finished_at: string | null;
  readonly stopped_by: string | null;
}

export interface Trial {
  readonly trial: number;
  /** cancelled: its search was stopped; it waits for being resumed. */
  readonly state: TrialState;
  /** Null before the sampler has decided. */
  readonly params: Params | null;
  /** accuracy: on drawings held back of those it learns from. */
  readonly metrics: {
    readonly accuracy: number | null;
    readonly loss: number | null;
    readonly test_accuracy?: number | null;
    /** The epoch after which it was ended early. */
    readonly pruned_after?: number | null;
  } | null;
  readonly worker: string | null;
  /** How often a worker has begun it. */
  readonly attempt: number;
  readonly seconds: number | null;
  /** Key of its run. */
  readonly run: string | null;
  readonly error: string | null;
}

export type Extension = { readonly num_trials: number } | { readonly configuration: Configuration };

/** Each throws RefusedError or UnreachableError. */
export class SearchesClient {
  private readonly request: RequestJson;

  constructor(request: RequestJson) {
    this.request = request;
  }

  /** What was searched last, and what may be. */
  getConfiguration(): Promise<Known> {
    return this.get<Known>(`${PATH}/configuration`);
  }

  /** See what a search would be; nothing changes. */
  plan(order: PlanOrder): Promise<Plan> {
    return this.post<Plan>(`${PATH}/plan`, order);
  }

  /** Start a search. @returns its key. */
  async start(order: SearchOrder): Promise<string> {
    return (await this.post<{ key: string }>(PATH, order)).key;
  }

  /** The newest searches, newest first. */
  async list(): Promise<readonly Search[]> {
    return (await this.get<{ searches: Search[] }>(PATH)).searches;
  }

  getSearch(key: string): Promise<Search> {
    return this.get<Search>(`${PATH}/${key}`);
  }

  async listTrials(key: string): Promise<readonly Trial[]> {
    return (await this.get<{ trials: Trial[] }>(`${PATH}/${key}/trials`)).trials;
  }

  async stop(key: string): Promise<void> {
    await this.post(`${PATH}/${key}/stop`, {});
  }

  async resume(key: string): Promise<void> {
    await this.post(`${PATH}/${key}/resume`, {});
  }

  async extend(key: string, extension: Extension): Promise<void> {
    await this.post(`${PATH}/${key}/extend`, extension);
  }

  /** Order a run with a trial's parameters, through the same gate as any. @returns the run's key. */
  async makeCandidate(key: string, trial: number, reason: string): Promise<string> {
    return (await this.post<{ key: string }>(`${PATH}/${key}/candidate`, { trial, reason })).key;
  }

  private async get<Body>(path: string): Promise<Body> {
    return (await this.request(path)).body as Body;
  }

  private async post<Body>(path: string, body: unknown): Promise<Body> {
    return (await this.request(path, { method: "POST", body })).body as Body;
  }
}
