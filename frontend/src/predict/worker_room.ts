/** Keeps networks running although workers break: bounded times in another worker, then on the page's own thread. */
import type { Network, NetworkSurroundings } from "./network.ts";
import type { BackendName, InputShape } from "./shared/messages.ts";
import { BrokenWorkerError, NetworkError, WorkerLine } from "./worker_line.ts";

/** The backend and the network may have to come over a slow line first. */
export const LOAD_PATIENCE_SECONDS = 40;

/** A guess takes some milliseconds; a device that is busy with something else gets a thousand times that. */
export const ASK_PATIENCE_SECONDS = 10;

/** A worker that broke is replaced so often; it counts as well again after so many answers. */
export const NUM_RESTARTS = 2;
export const WELL_AFTER_ANSWERS = 50;

/** All it takes to load a network anew. */
export interface Definition {
  readonly modelJson: string;
  readonly weights: ArrayBuffer;
  readonly input: InputShape;
}

/** A network loaded into one worker. */
interface Loaded {
  readonly line: WorkerLine;
  readonly backend: BackendName;
}

export class WorkerRoom {
  private readonly around: NetworkSurroundings;
  /** Undefined where no worker could be started, or too many have broken. */
  private line: WorkerLine | undefined;
  private numBroken = 0;
  private numAnswers = 0;
  private lastId = 0;
  private lastNetwork = 0;

  constructor(around: NetworkSurroundings) {
    this.around = around;
    this.line = this.start();
  }

  /** False where no worker runs, and none will. */
  get hasWorker(): boolean {
    return this.line !== undefined;
  }

  /** Load a network. @throws NetworkError when what it is made of is wrong. */
  async load(definition: Definition): Promise<Network> {
    const network = new RoomNetwork(this, ++this.lastNetwork, definition);
    await network.load();
    return network;
  }

  /** Load a network into the worker there is. @throws BrokenWorkerError where there is none; NetworkError. */
  async loadInto(network: number, { modelJson, weights, input }: Definition): Promise<Loaded> {
    const line = this.getLine();
    // The worker gets a copy: the next one may need the weights, too.
    const copy = weights.slice(0);
    const question = { kind: "load", id: ++this.lastId, network, modelJson, weights: copy, input } as const;
    const answer = await this.heeding(line, line.ask(question, [copy], LOAD_PATIENCE_SECONDS));
    return { line, backend: answer.kind === "loaded" ? answer.backend : "cpu" };
  }

  /** Ask a network that is in this line's worker. @throws BrokenWorkerError, NetworkError. */
  async ask(line: WorkerLine, network: number, bitmap: Uint8Array): Promise<Float32Array> {
    const question = { kind: "ask", id: ++this.lastId, network, bitmap } as const;
    const answer = await this.heeding(line, line.ask(question, [], ASK_PATIENCE_SECONDS));
    if (++this.numAnswers >= WELL_AFTER_ANSWERS) this.numBroken = 0;
    return answer.kind === "logits" ? answer.logits : new Float32Array();
  }

  /** Load a network on the page's own thread. @throws when that cannot be had either. */
  async loadOnPage({ modelJson, weights, input }: Definition): Promise<Network> {
    return (await this.around.loadOnPage())(modelJson, weights.slice(0), input);
  }

  private getLine(): WorkerLine {
    if (!this.line) throw new BrokenWorkerError("this browser lets no worker run");
    return this.line;
  }

  /** Pass an answer on; where it is that the worker has broken, have another one ready. */
  private async heeding<Result>(line: WorkerLine, answer: Promise<Result>): Promise<Result> {
    try {
      return await answer;
    } catch (error) {
      if (line.isBroken && line === this.line) this.replace();
      throw error;
    }
  }

  private replace(): void {
    this.numBroken += 1;
    this.numAnswers = 0;
    this.line = this.numBroken <= NUM_RESTARTS ? this.start() : undefined;
  }

  private start(): WorkerLine | undefined {
    try {
      return new WorkerLine(this.around.startWorker(), this.around.later);
    } catch {
      // No workers in this browser, or forbidden: trying again changes nothing.
      return undefined;
    }
  }
}

/** A network that follows from worker to worker, and onto the page in the end. */
class RoomNetwork implements Network {
  private readonly room: WorkerRoom;
  private readonly number: number;
  private readonly definition: Definition;
  private loading: Promise<Loaded | Network> | undefined;
  private where: Loaded | Network | undefined;
  private isForgotten = false;

  constructor(room: WorkerRoom, number: number, definition: Definition) {
    this.room = room;
    this.number = number;
    this.definition = definition;
  }

  get backend(): BackendName {
    return this.where?.backend ?? "cpu";
  }

  /** Have it loaded, wherever it can be; not twice at a time. */
  async load(): Promise<Loaded | Network> {
    if (this.where && !isBroken(this.where)) return this.where;
    this.loading ??= this.loadSomewhere().finally(() => {
      this.loading = undefined;
    });
    return await this.loading;
  }

  async ask(bitmap: Uint8Array, signal: AbortSignal): Promise<Float32Array> {
    signal.throwIfAborted();
    return await unlessAborted(this.askWhereItIs(bitmap, signal), signal);
  }

  forget(): void {
    this.isForgotten = true;
    const { where } = this;
    if (where && "line" in where) where.line.tell({ kind: "forget", network: this.number });
    else where?.forget();
  }

  private async askWhereItIs(bitmap: Uint8Array, signal: AbortSignal): Promise<Float32Array> {
    const where = await this.load();
    if ("ask" in where) return await where.ask(bitmap, signal);
    try {
      return await this.room.ask(where.line, this.number, bitmap);
    } catch (error) {
      if (!(error instanceof BrokenWorkerError) || signal.aborted) throw error;
      // The worker broke over this question, or before it: ask the next one.
      return await this.askWhereItIs(bitmap, signal);
    }
  }

  private async loadSomewhere(): Promise<Loaded | Network> {
    if (this.isForgotten) throw new NetworkError("this network has been freed");
    try {
      this.where = await this.room.loadInto(this.number, this.definition);
    } catch (error) {
      if (!(error instanceof BrokenWorkerError)) throw error;
      this.where = await this.loadAgain();
    }
    return this.where;
  }

  private loadAgain(): Promise<Loaded | Network> {
    return this.room.hasWorker ? this.loadSomewhere() : this.room.loadOnPage(this.definition);
  }
}

function isBroken(where: Loaded | Network): boolean {
  return "line" in where && where.line.isBroken;
}

/** Wait for an answer no longer than somebody wants it. @throws what `signal` was aborted with. */
function unlessAborted<Result>(answer: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
