/** Loads networks where they are run: in a worker, in another one if that breaks, on the page's own thread if none runs. */
import type { BackendName, InputShape } from "./shared/messages.ts";
import type { Later, WorkerPort } from "./worker_line.ts";
import { WorkerRoom } from "./worker_room.ts";

/** One loaded network. Whoever holds it frees it with `forget`, and does not ask it after that. */
export interface Network {
  /** What runs it just now. */
  readonly backend: BackendName;
  /**
   * Ask for the logits of one bitmap (uint8, height * width, row-major, 255 ink).
   *
   * @throws AbortError when `signal` was aborted: a late answer is dropped.
   */
  ask(bitmap: Uint8Array, signal: AbortSignal): Promise<Float32Array>;
  forget(): void;
}

/** @param weights belong to the network from now on. */
export type LoadNetwork = (modelJson: string, weights: ArrayBuffer, input: InputShape) => Promise<Network>;

export interface NetworkSurroundings {
  /** Starts a worker that runs `worker/worker.ts`; throws where the browser lets no worker run. */
  readonly startWorker: () => WorkerPort;
  /** Gets what runs networks on the page's own thread; only called where no worker runs. */
  readonly loadOnPage: () => Promise<LoadNetwork>;
  readonly later: Later;
}

/** Make the function that loads networks. The worker is started at once. */
export function makeLoadNetwork(around: NetworkSurroundings): LoadNetwork {
  const room = new WorkerRoom(around);
  return (modelJson, weights, input) => room.load({ modelJson, weights, input });
}
