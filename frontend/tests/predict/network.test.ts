import { beforeEach, describe, expect, test } from "vitest";
import { type LoadNetwork, makeLoadNetwork, type Network } from "../../src/predict/network.ts";
import type { Answer, Question } from "../../src/predict/shared/messages.ts";
import type { WorkerPort } from "../../src/predict/worker_line.ts";
import {
  ASK_PATIENCE_SECONDS,
  LOAD_PATIENCE_SECONDS,
  NUM_RESTARTS,
  WELL_AFTER_ANSWERS,
} from "../../src/predict/worker_room.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { FakeNetwork } from "../testing/manifests.ts";

const INPUT = { height: 1, width: 2, channels: 1 };
const BITMAP = Uint8Array.of(0, 255);

/** What a worker does with a question; undefined: it says nothing. */
type Manners = (question: Question) => Answer | undefined;

const honest: Manners = (question) => {
  if (question.kind === "forget") return undefined;
  const { id } = question;
  return question.kind === "load"
    ? { kind: "loaded", id, backend: "wasm" }
    : { kind: "logits", id, logits: Float32Array.of(question.network) };
};
const silent: Manners = () => undefined;

class FakeWorker implements WorkerPort {
  readonly questions: Question[] = [];
  isEnded = false;
  private readonly manners: Manners;
  private listeners: Record<string, (event: never) => void> = {};

  constructor(manners: Manners) {
    this.manners = manners;
  }

  postMessage(message: Question, transfer: Transferable[]): void {
    this.questions.push(structuredClone(message, { transfer }));
    const answer = this.manners(message);
    if (answer) queueMicrotask(() => this.say(answer));
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.listeners[type] = listener;
  }

  terminate(): void {
    this.isEnded = true;
  }

  say(data: Answer): void {
    this.listeners["message"]?.({ data } as never);
  }

  break(): void {
    this.listeners["error"]?.({} as never);
  }
}

let clock: FakeClock;
let workers: FakeWorker[];
let onPage: FakeNetwork[];

/** @param manners of the first worker, the second and so on; the last one's are those of all others. */
function make(...manners: (Manners | "forbidden")[]): LoadNetwork {
  let numStarted = 0;
  return makeLoadNetwork({
    startWorker: () => {
      const next = manners[Math.min(numStarted++, manners.length - 1)] ?? honest;
      if (next === "forbidden") throw new DOMException("no workers here", "SecurityError");
      const worker = new FakeWorker(next);
      workers.push(worker);
      return worker;
    },
    loadOnPage: async () => async () => {
      const network = new FakeNetwork([42]);
      onPage.push(network);
      return network;
    },
    later: clock.later,
  });
}

function load(loadNetwork: LoadNetwork): Promise<Network> {
  return loadNetwork("{}", Uint8Array.of(1, 2, 3, 4).buffer, INPUT);
}

function ask(network: Network, signal = new AbortController().signal): Promise<Float32Array> {
  return network.ask(BITMAP, signal);
}

/** Let everything that is under way come to where it waits for the clock. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

beforeEach(() => {
  clock = new FakeClock();
  workers = [];
  onPage = [];
});

test("a loaded network says which backend runs it, and answers", async () => {
  const network = await load(make(honest));

  expect(network.backend).toBe("wasm");
  expect(await ask(network)).toEqual(Float32Array.of(1));
});

test("each answer reaches its own question, in whatever order they come", async () => {
  const network = await load(make((question) => (question.kind === "ask" ? undefined : honest(question))));
  const one = ask(network);
  const two = ask(network);
  await settle();
  workers[0]?.say({ kind: "logits", id: 3, logits: Float32Array.of(3) });
  workers[0]?.say({ kind: "logits", id: 2, logits: Float32Array.of(2) });

  expect([await one, await two]).toEqual([Float32Array.of(2), Float32Array.of(3)]);
});

test("an aborted question rejects at once, and its late answer is dropped", async () => {
  const network = await load(make((question) => (question.kind === "ask" ? undefined : honest(question))));
  const controller = new AbortController();

  const asking = ask(network, controller.signal);
  controller.abort();

  await expect(asking).rejects.toThrow("abort");
  workers[0]?.say({ kind: "logits", id: 2, logits: Float32Array.of(2) });
});

test("what the worker cannot do rejects with its reason, and is no reason to end the worker", async () => {
  const failing: Manners = (question) =>
    question.kind === "ask" ? { kind: "failed", id: question.id, reason: "no kernel" } : honest(question);
  const network = await load(make(failing));

  await expect(ask(network)).rejects.toThrow("no kernel");
  expect(workers.map(({ isEnded }) => isEnded)).toEqual([false]);
});

test("a network that cannot be built is refused, wherever it would run", async () => {
  const refusing: Manners = (question) =>
    question.kind === "load" ? { kind: "failed", id: question.id, reason: "no such operation" } : undefined;

  await expect(load(make(refusing))).rejects.toThrow("no such operation");
  expect(onPage).toEqual([]);
});

test("forgetting a network tells the worker to free it", async () => {
  const network = await load(make(honest));

  network.forget();

  expect(workers[0]?.questions.at(-1)).toEqual({ kind: "forget", network: 1 });
});

describe("a worker that breaks", () => {
  test("in the middle of a question is replaced, and the new one is given the network and the question", async () => {
    const network = await load(
      make((question) => (question.kind === "ask" ? undefined : honest(question)), honest),
    );
    const asking = ask(network);
    await settle();

    workers[0]?.break();

    expect(await asking).toEqual(Float32Array.of(1));
    expect(workers.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    expect(workers[1]?.questions[0]).toMatchObject({ kind: "load", modelJson: "{}", network: 1 });
    expect(workers[1]?.questions[0]).toHaveProperty("weights.byteLength", 4);
  });

  test("between two questions is replaced at the next one; every network is loaded again when it is asked", async () => {
    const loadNetwork = make(honest);
    const [one, two] = [await load(loadNetwork), await load(loadNetwork)];

    workers[0]?.break();

    expect([await ask(one), await ask(two)]).toEqual([Float32Array.of(1), Float32Array.of(2)]);
    expect(workers).toHaveLength(2);
  });

  test("and does not answer any more is noticed, also where nobody waits for the answer", async () => {
    const network = await load(
      make((question) => (question.kind === "ask" ? undefined : honest(question)), honest),
    );
    const controller = new AbortController();
    const asking = ask(network, controller.signal).catch(() => "aborted");
    await settle();
    controller.abort();
    await asking;

    clock.pass(ASK_PATIENCE_SECONDS);

    expect(workers[0]?.isEnded).toBe(true);
    expect(await ask(network)).toEqual(Float32Array.of(1));
  });

  test("after the device has slept gets its turn before it counts as silent", async () => {
    const network = await load(make((question) => (question.kind === "ask" ? undefined : honest(question))));
    const asking = ask(network);
    await settle();

    clock.pass(ASK_PATIENCE_SECONDS / 2);
    workers[0]?.say({ kind: "logits", id: 2, logits: Float32Array.of(2) });
    clock.pass(1000);

    expect(await asking).toEqual(Float32Array.of(2));
    expect(workers[0]?.isEnded).toBe(false);
  });

  test("again and again is given up: the page's own thread guesses", async () => {
    const loading = load(make(silent));
    for (let numBroken = 0; numBroken <= NUM_RESTARTS; numBroken++) {
      await settle();
      clock.pass(LOAD_PATIENCE_SECONDS);
    }

    const network = await loading;

    expect(await ask(network)).toEqual(Float32Array.of(42));
    expect(network.backend).toBe("wasm");
    expect(workers).toHaveLength(NUM_RESTARTS + 1);
    network.forget();
    expect(onPage[0]?.forgotten).toBe(true);
  });

  test("once in a while is replaced each time: what worked for long counts as well again", async () => {
    const network = await load(make(honest));
    for (let round = 0; round < 2 * NUM_RESTARTS + 2; round++) {
      workers.at(-1)?.break();
      for (let answer = 0; answer < WELL_AFTER_ANSWERS; answer++) await ask(network);
    }

    expect(onPage).toEqual([]);
  });
});

test("where no worker can be started the page's own thread guesses", async () => {
  const network = await load(make("forbidden"));

  expect(await ask(network)).toEqual(Float32Array.of(42));
});

test("where not even that can be loaded, the network is refused with the reason", async () => {
  const loadNetwork = makeLoadNetwork({
    startWorker: () => {
      throw new DOMException("no workers here", "SecurityError");
    },
    loadOnPage: () => Promise.reject(new TypeError("offline")),
    later: clock.later,
  });

  await expect(load(loadNetwork)).rejects.toThrow("offline");
});
