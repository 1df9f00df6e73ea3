/** One worker, from its start to its end: questions by number, and a watch over whether it answers at all. */
import type { Answer, Question } from "./shared/messages.ts";

/** The worker could not do what it was asked; the message is its reason. */
export class NetworkError extends Error {
  override name = "NetworkError";
}

/** There is no worker to ask: it did not start, has broken down or says nothing any more. */
export class BrokenWorkerError extends NetworkError {
  override name = "BrokenWorkerError";
}

/** What we need of a `Worker`; tests pass their own. */
export interface WorkerPort {
  postMessage(message: Question, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Answer>) => void): void;
  addEventListener(type: "error" | "messageerror", listener: (event: Event) => void): void;
  terminate(): void;
}

export type Later = (seconds: number, callback: () => void) => void;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/** A question that has a number and an answer; "forget" has neither. */
export type Asked = Exclude<Question, { kind: "forget" }>;

/**
 * Contract: every question that is asked ends, with an answer or an error. Once the line is broken it stays so: the
 * worker is ended, and whoever asks is told at once.
 */
export class WorkerLine {
  private readonly worker: WorkerPort;
  private readonly later: Later;
  private readonly waiting = new Map<number, Waiting>();
  private reason: BrokenWorkerError | undefined;

  /**
   * Listen to a worker.
   *
   * @param worker it belongs to the line from now on.
   */
  constructor(worker: WorkerPort, later: Later) {
    this.worker = worker;
    this.later = later;
    worker.addEventListener("message", ({ data }) => this.take(data));
    worker.addEventListener("error", () => this.break("the worker did not start, or has broken down"));
    worker.addEventListener("messageerror", () => this.break("the worker said what cannot be read"));
  }

  get isBroken(): boolean {
    return this.reason !== undefined;
  }

  /**
   * Ask.
   *
   * @param patienceSeconds a worker that has not answered by then is broken, also where nobody waits any more.
   * @throws NetworkError with the worker's reason; BrokenWorkerError.
   */
  ask(question: Asked, transfer: Transferable[], patienceSeconds: number): Promise<Answer> {
    if (this.reason) return Promise.reject(this.reason);
    const answer = new Promise<Answer>((resolve, reject) => {
      this.waiting.set(question.id, { resolve, reject });
    });
    this.worker.postMessage(question, transfer);
    this.watch(question.id, patienceSeconds);
    return answer;
  }

  /** Say what needs no answer. */
  tell(question: Extract<Question, { kind: "forget" }>): void {
    if (!this.isBroken) this.worker.postMessage(question, []);
  }

  private take(answer: Answer): void {
    const question = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.kind === "failed") question?.reject(new NetworkError(answer.reason));
    else question?.resolve(answer);
  }

  private watch(id: number, patienceSeconds: number): void {
    // In two halves: after a device has slept every alarm rings at once, before the worker has had its turn.
    this.later(patienceSeconds / 2, () => {
      if (!this.waiting.has(id)) return;
      this.later(patienceSeconds / 2, () => {
        if (this.waiting.has(id)) this.break(`the worker has not answered for ${patienceSeconds} s`);
      });
    });
  }

  private break(reason: string): void {
    if (this.reason) return;
    this.reason = new BrokenWorkerError(reason);
    this.worker.terminate();
    for (const { reject } of this.waiting.values()) reject(this.reason);
    this.waiting.clear();
  }
}
