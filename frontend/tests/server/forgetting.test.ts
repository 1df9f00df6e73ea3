import { expect, test } from "vitest";
import { Forgetting, type Progress } from "../../src/server/forgetting.ts";
import { type JsonAnswer, type JsonRequest, UnreachableError } from "../../src/server/http.ts";
import { MemoryOutboxStore } from "../../src/server/outbox_store.ts";
import { SentIds } from "../../src/server/sent_ids.ts";

async function makeBrowser() {
  const sent = await SentIds.open(undefined, () => {});
  const letters = new MemoryOutboxStore();
  const asked: string[][] = [];
  const events: string[] = [];
  /** The batch, counted from 0, that meets trouble. */
  const trouble = { at: -1, isPortal: false };
  const request = async (_path: string, { body }: JsonRequest = {}): Promise<JsonAnswer> => {
    if (asked.length === trouble.at) throw new UnreachableError("no network");
    const { ids } = body as { ids: string[] };
    asked.push(ids);
    const doodles = ids.map((id) => ({ id, outcome: "forgotten" }));
    return { status: 200, headers: new Headers(), body: trouble.isPortal ? undefined : { doodles } };
  };
  const forgetting = new Forgetting({
    sent,
    letters,
    request,
    alone: async (work) => {
      events.push("lock");
      await work();
      events.push("unlock");
    },
    onDropped: async () => void events.push(`${(await letters.list()).length} wait`),
  });
  return { sent, letters, asked, events, trouble, forgetting };
}

async function send(sent: SentIds, numDoodles: number): Promise<void> {
  for (let index = 0; index < numDoodles; index += 1) await sent.add(`id-${index}`);
}

test("the server is told of every id, a hundred at a time, and then nothing is remembered", async () => {
  const { sent, asked, forgetting } = await makeBrowser();
  await send(sent, 250);
  const seen: Progress[] = [];

  const numForgotten = await forgetting.forget((progress) => seen.push(progress));

  expect(numForgotten).toBe(250);
  expect(asked.map((ids) => ids.length)).toEqual([100, 100, 50]);
  expect(seen.map(({ numDone, numAll }) => [numDone, numAll])).toEqual([
    [0, 250],
    [100, 250],
    [200, 250],
  ]);
  expect(await forgetting.count()).toBe(0);
});

test("what waits is dropped first, while nobody sends, and told to the server all the same", async () => {
  const { letters, asked, events, forgetting } = await makeBrowser();
  await letters.add({ kind: "correction", correction: { id: "waits", label: "cat" } });
  await letters.add({ kind: "correction", correction: { id: "waits", label: "dog" } });

  expect(await forgetting.count()).toBe(1);
  await forgetting.forget(() => {});

  expect(events).toEqual(["lock", "unlock", "0 wait"]);
  expect(asked).toEqual([["waits"]]);
});

test("what another than the server has answered for is still remembered", async () => {
  const { sent, trouble, forgetting } = await makeBrowser();
  await send(sent, 2);
  trouble.isPortal = true;

  await expect(forgetting.forget(() => {})).rejects.toThrow(UnreachableError);

  expect(await forgetting.count()).toBe(2);
});

test("what the server has not answered for is still remembered, and is what a retry asks about", async () => {
  const { sent, asked, trouble, forgetting } = await makeBrowser();
  await send(sent, 150);
  trouble.at = 1;

  await expect(forgetting.forget(() => {})).rejects.toThrow(UnreachableError);
  expect(await forgetting.count()).toBe(50);

  trouble.at = -1;
  expect(await forgetting.forget(() => {})).toBe(50);
  expect(asked.map((ids) => ids.length)).toEqual([100, 50]);
});

test("where nothing is remembered nobody is asked", async () => {
  const { asked, forgetting } = await makeBrowser();

  expect(await forgetting.forget(() => {})).toBe(0);
  expect(asked).toEqual([]);
});
