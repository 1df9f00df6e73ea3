import { expect, test } from "vitest";
import { loadIntoWorker, type WorkerPort } from "../../src/predict/network.ts";
import type { Answer, Question } from "../../src/predict/shared/messages.ts";

const INPUT = { height: 1, width: 2, channels: 1 };

/** A worker whose answers the test gives. */
class FakeWorker implements WorkerPort {
  readonly questions: Question[] = [];
  private listeners: Record<string, (event: MessageEvent<Answer>) => void> = {};

  postMessage(message: Question): void {
    this.questions.push(message);
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.listeners[type] = listener as (event: MessageEvent<Answer>) => void;
  }

  answer(data: Answer): void {
    this.listeners["message"]?.({ data } as MessageEvent<Answer>);
  }

  break(): void {
    this.listeners["error"]?.({} as MessageEvent<Answer>);
  }
}

async function loadOne() {
  const worker = new FakeWorker();
  const loading = loadIntoWorker(worker)("{}", new ArrayBuffer(4), INPUT);
  worker.answer({ kind: "loaded", id: 1, backend: "cpu" });
  return { worker, network: await loading };
}

test("a loaded network says which backend runs it", async () => {
  expect((await loadOne()).network.backend).toBe("cpu");
});

test("each answer reaches its own question, in whatever order they come", async () => {
  const { worker, network } = await loadOne();
  const { signal } = new AbortController();

  const one = network.ask(Uint8Array.of(0, 0), signal);
  const two = network.ask(Uint8Array.of(0, 255), signal);
  worker.answer({ kind: "logits", id: 3, logits: Float32Array.of(3) });
  worker.answer({ kind: "logits", id: 2, logits: Float32Array.of(2) });

  expect([await one, await two]).toEqual([Float32Array.of(2), Float32Array.of(3)]);
});

test("an aborted question rejects at once, and its late answer is dropped", async () => {
  const { worker, network } = await loadOne();
  const controller = new AbortController();

  const asking = network.ask(Uint8Array.of(0, 0), controller.signal);
  controller.abort();
  worker.answer({ kind: "logits", id: 2, logits: Float32Array.of(2) });

  await expect(asking).rejects.toThrow("abort");
});

test("what the worker cannot do rejects with its reason", async () => {
  const { worker, network } = await loadOne();

  const asking = network.ask(Uint8Array.of(0, 0), new AbortController().signal);
  worker.answer({ kind: "failed", id: 2, reason: "no kernel" });

  await expect(asking).rejects.toThrow("no kernel");
});

test("a worker that breaks leaves no question waiting for ever", async () => {
  const { worker, network } = await loadOne();

  const asking = network.ask(Uint8Array.of(0, 0), new AbortController().signal);
  worker.break();

  await expect(asking).rejects.toThrow("worker");
});

test("forgetting a network tells the worker to free it", async () => {
  const { worker, network } = await loadOne();

  network.forget();

  expect(worker.questions.at(-1)).toEqual({ kind: "forget", network: 1 });
});
