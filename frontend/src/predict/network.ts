/** The page's side of the worker: networks by number, questions as promises. */
import type { Answer, BackendName, InputShape, Question } from "./shared/messages.ts";

/** The worker could not do what it was asked; the message is its reason. */
export class NetworkError extends Error {
  override name = "NetworkError";
}

/** What we need of a `Worker`; tests pass their own. */
export interface WorkerPort {
  postMessage(message: Question, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Answer>) => void): void;
  addEventListener(type: "error", listener: (event: Event) => void): void;
}

/** One loaded network in the worker. Its tensors are the worker's; `forget` frees them. */
export interface Network {
  readonly backend: BackendName;
  /**
   * Ask for the logits of one bitmap (uint8, height * width, row-major, 255 ink).
   *
   * @throws AbortError when `signal` was aborted: a late answer is dropped.
   */
  ask(bitmap: Uint8Array, signal: AbortSignal): Promise<Float32Array>;
  forget(): void;
}

export type LoadNetwork = (modelJson: string, weights: ArrayBuffer, input: InputShape) => Promise<Network>;

interface Waiting {
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * Make the function that loads networks into a worker.
 *
 * @param worker a worker running `worker/worker.ts`; it belongs to the returned function from now on.
 */
export function loadIntoWorker(worker: WorkerPort): LoadNetwork {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let lastNetwork = 0;

  worker.addEventListener("message", ({ data }) => {
    const question = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === "failed") question?.reject(new NetworkError(data.reason));
    else question?.resolve(data);
  });
  worker.addEventListener("error", () => {
    for (const question of waiting.values()) question.reject(new NetworkError("the worker did not start"));
    waiting.clear();
  });

  function post(
    question: (id: number) => Question,
    transfer: Transferable[] = [],
  ): { id: number; answer: Promise<Answer> } {
    const id = ++lastId;
    const answer = new Promise<Answer>((resolve, reject) => waiting.set(id, { resolve, reject }));
    worker.postMessage(question(id), transfer);
    return { id, answer };
  }

  async function ask(network: number, bitmap: Uint8Array, signal: AbortSignal): Promise<Float32Array> {
    signal.throwIfAborted();
    const { id, answer } = post((id) => ({ kind: "ask", id, network, bitmap }));
    const abort = () => {
      waiting.get(id)?.reject(signal.reason);
      waiting.delete(id);
    };
    signal.addEventListener("abort", abort);
    try {
      const answered = await answer;
      return answered.kind === "logits" ? answered.logits : new Float32Array();
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  return async (modelJson, weights, input) => {
    const network = ++lastNetwork;
    const loaded = await post((id) => ({ kind: "load", id, network, modelJson, weights, input }), [weights])
      .answer;
    return {
      backend: loaded.kind === "loaded" ? loaded.backend : "cpu",
      ask: (bitmap, signal) => ask(network, bitmap, signal),
      forget: () => worker.postMessage({ kind: "forget", network }, []),
    };
  };
}
