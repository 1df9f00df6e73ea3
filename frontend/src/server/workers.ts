/** What the operator's page asks and orders about workers. */
import type { RequestJson } from "./http.ts";
import type { Progress } from "./operator.ts";

export const WORKERS_PATH = "/api/v1/workers";

export type Wish = "drain" | "stop";

export interface ListedWorker {
  readonly name: string;
  readonly host: string;
  readonly device: string;
  /** What its graphics processors are called; null where it has none. */
  readonly gpu: string | null;
  readonly num_cores: number;
  /** Of its code; null for one of an older release. */
  readonly version: string | null;
  /** lost: silent without a farewell, by the server's clock. */
  readonly state: "idle" | "busy" | "stopped" | "lost";
  /** Key of what it works on, or worked on when it was last heard. */
  readonly run: string | null;
  readonly progress: Progress | null;
  /** Runs that wait for this worker alone. */
  readonly num_sent: number;
  /** What an operator has asked it to do. */
  readonly asked_to: Wish | null;
  readonly asked_by: string | null;
  /** ISO 8601. */
  readonly asked_at: string | null;
  readonly started_at: string;
  readonly heartbeat_at: string;
  /** Since its last heartbeat, by the server's clock, when it was asked. */
  readonly silent_seconds: number;
}

export interface QueuedRun {
  readonly key: string;
  /** The only worker that may take it; another one than was asked for, if a run waited already. */
  readonly sent_to: string | null;
  /** Why it waits, where its worker is not there. */
  readonly note: string | null;
}

/** Each throws RefusedError or UnreachableError. */
export class WorkersClient {
  private readonly request: RequestJson;

  constructor(request: RequestJson) {
    this.request = request;
  }

  /** Those heard within the last day, by name. */
  async list(): Promise<readonly ListedWorker[]> {
    return ((await this.request(WORKERS_PATH)).body as { workers: ListedWorker[] }).workers;
  }

  /** Ask a worker to end: after its run, or giving it back. */
  async ask(name: string, wish: Wish): Promise<void> {
    await this.request(`${WORKERS_PATH}/${encodeURIComponent(name)}/${wish}`, { method: "POST", body: {} });
  }

  /** Queue a run that only this worker may take; where one waits already, that one is the answer. */
  async train(name: string): Promise<QueuedRun> {
    const answer = await this.request("/api/v1/train", { method: "POST", body: { worker: name } });
    return answer.body as QueuedRun;
  }
}
