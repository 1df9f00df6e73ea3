import { beforeEach, expect, test } from "vitest";
import { STALL_SECONDS, StalledError, steadily } from "../../src/predict/steady_fetch.ts";
import { FakeClock } from "../testing/fake_clock.ts";

let clock: FakeClock;
let line: ReadableStreamDefaultController<Uint8Array>;

/** A server whose answer the test lets trickle in. */
const fetchTrickle = async (_url: string, { signal }: RequestInit): Promise<Response> => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      line = controller;
    },
  });
  signal?.addEventListener("abort", () => line.error(signal.reason));
  return new Response(body);
};

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

beforeEach(() => {
  clock = new FakeClock();
});

test("a slow answer is waited for as long as something comes", async () => {
  const fetching = steadily(fetchTrickle, clock.later)("/x", {});
  for (let piece = 0; piece < 5; piece++) {
    await settle();
    line.enqueue(Uint8Array.of(piece));
    await settle();
    clock.pass(STALL_SECONDS);
  }
  line.close();

  expect(new Uint8Array(await (await fetching).arrayBuffer())).toEqual(Uint8Array.of(0, 1, 2, 3, 4));
});

test("an answer that stops in the middle is given up", async () => {
  const fetching = steadily(fetchTrickle, clock.later)("/x", {});
  await settle();
  line.enqueue(Uint8Array.of(1));
  await settle();

  clock.pass(2 * STALL_SECONDS);

  await expect(fetching).rejects.toBeInstanceOf(StalledError);
});

test("a server that never begins to answer is given up", async () => {
  const never = (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

  const fetching = steadily(never, clock.later)("/x", {});
  clock.pass(STALL_SECONDS);

  await expect(fetching).rejects.toBeInstanceOf(StalledError);
});

test("what nobody wants any more is aborted as it was asked", async () => {
  const controller = new AbortController();
  const fetching = steadily(fetchTrickle, clock.later)("/x", { signal: controller.signal });
  await settle();

  controller.abort();

  await expect(fetching).rejects.toThrow("abort");
});

test("status and headers stay", async () => {
  const answer = await steadily(async () => new Response("no", { status: 404 }), clock.later)("/x", {});

  expect([answer.status, await answer.text()]).toEqual([404, "no"]);
});
