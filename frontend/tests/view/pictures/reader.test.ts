import { expect, test, vi } from "vitest";
import { PHOTO_LIMITS } from "../../../src/photo/limits.ts";
import type { PhotoAnswer, PhotoQuestion } from "../../../src/photo/messages.ts";
import { type PhotoPort, readIn } from "../../../src/view/draw/pictures/reader.ts";

const STROKES = [[{ x: 1, y: 2 }]];

/** A worker that answers when it is told to. */
class FakePort implements PhotoPort {
  readonly asked: PhotoQuestion[] = [];
  isEnded = false;
  private onMessage: (event: MessageEvent<PhotoAnswer>) => void = () => {};
  private onError: () => void = () => {};

  postMessage(question: PhotoQuestion): void {
    this.asked.push(question);
  }

  addEventListener(type: "message" | "error", listener: (event: MessageEvent<PhotoAnswer>) => void): void {
    if (type === "message") this.onMessage = listener;
    else this.onError = listener as () => void;
  }

  terminate(): void {
    this.isEnded = true;
  }

  answer(data: PhotoAnswer): void {
    this.onMessage({ data } as MessageEvent<PhotoAnswer>);
  }

  fail(): void {
    this.onError();
  }
}

const file = new Blob(["anything"]);

/** Until the file has been read and the worker asked. */
async function untilAsked(port: FakePort): Promise<void> {
  await vi.waitFor(() => expect(port.asked).toHaveLength(1));
}

function read(port: FakePort, what: Blob = file, controller = new AbortController()) {
  const stages: string[] = [];
  const reading = readIn(() => port)(what, controller.signal, () => stages.push("finding"));
  return { reading, stages, controller };
}

test("a picture is read in a worker of its own, which ends with it", async () => {
  const port = new FakePort();
  const { reading, stages } = read(port);
  await untilAsked(port);
  port.answer({ kind: "finding" });
  expect(stages).toEqual(["finding"]);

  port.answer({ kind: "found", strokes: STROKES });

  expect(await reading).toEqual(STROKES);
  expect(new TextDecoder().decode(port.asked[0]?.content)).toBe("anything");
  expect(port.isEnded).toBe(true);
});

test("what the worker refuses is refused, and the worker ends", async () => {
  const port = new FakePort();
  const { reading } = read(port);
  await untilAsked(port);

  port.answer({ kind: "refused", refusal: "no_ink" });

  await expect(reading).rejects.toMatchObject({ refusal: "no_ink" });
  expect(port.isEnded).toBe(true);
});

test("whoever cancels does not wait for the worker: it is ended at once", async () => {
  const port = new FakePort();
  const { reading, controller } = read(port);
  await untilAsked(port);

  controller.abort();

  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  expect(port.isEnded).toBe(true);
});

test("a worker that breaks, or may not be started, is told of as a browser that cannot read pictures", async () => {
  const port = new FakePort();
  const { reading } = read(port);
  await untilAsked(port);
  port.fail();
  await expect(reading).rejects.toMatchObject({ refusal: "no_reader" });

  const forbidden = readIn(() => {
    throw new Error("the security policy forbids workers");
  });

  await expect(forbidden(file, new AbortController().signal, () => {})).rejects.toMatchObject({
    refusal: "no_reader",
  });
});

test("a file that is too large is refused before anything of it is read", async () => {
  const port = new FakePort();
  const { reading } = read(port, { size: PHOTO_LIMITS.maxBytes + 1 } as Blob);

  await expect(reading).rejects.toMatchObject({ refusal: "too_many_bytes" });
  expect(port.asked).toEqual([]);
});

test("a file that cannot be read, such as a folder, is refused", async () => {
  const port = new FakePort();
  const folder = { size: 4096, arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) };
  const { reading } = read(port, folder as unknown as Blob);

  await expect(reading).rejects.toMatchObject({ refusal: "broken" });
  expect(port.asked).toEqual([]);
});

test("whoever cancels while the file is read starts no worker", async () => {
  const port = new FakePort();
  const controller = new AbortController();
  const { reading } = read(port, file, controller);

  controller.abort();

  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  expect(port.asked).toEqual([]);
});
